"""The customer's page: map, chat with cards, my rides."""
