"""What good looks like: case files, the stage they are played on, the oracles, and the proof that they judge well."""
