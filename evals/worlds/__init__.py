"""Named starting states for cases."""
