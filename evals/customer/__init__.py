"""Cases of the booking agent."""
