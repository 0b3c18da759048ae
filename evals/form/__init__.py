"""The form of a case file: typed models, a loader that names file and line, a JSON schema."""
