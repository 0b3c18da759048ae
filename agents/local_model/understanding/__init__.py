"""What an utterance means: language, intent, the requests in it."""
