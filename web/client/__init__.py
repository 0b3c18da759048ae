"""The typed API client: the one way pages, the command line and other programs talk to the four systems."""

from nimrod.web.client.api import ApiClient
from nimrod.web.client.inprocess import StreamingTransport
from nimrod.web.client.problems import ApiProblem, SessionEnded
from nimrod.web.client.session import Tokens

__all__ = ["ApiClient", "ApiProblem", "SessionEnded", "StreamingTransport", "Tokens"]
