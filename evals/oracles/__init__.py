"""Judges, in this order: end state and invariants, the trace, what was said."""
