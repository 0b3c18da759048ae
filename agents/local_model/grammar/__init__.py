"""From characters to times, durations, places, types and ids: rules in code, words in data."""
