"""The landing for people who work here: fleet and events as their systems tell them."""
