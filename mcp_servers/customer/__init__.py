"""Tool servers of the customer system."""
