"""Which agent may reach which tool, and which call waits for a person."""
