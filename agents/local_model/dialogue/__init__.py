"""The dialogue, read off the message history alone."""
