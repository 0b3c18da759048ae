"""What the model can do with the tools it is offered."""
