"""What models are told and what they may look up: Markdown only."""
