"""HTTP to identity providers: a login waits seconds for its provider, never longer, and takes small answers only.

Unlike `core.outbound`, private addresses are allowed: the operator named them, and a town hall's provider is in its own network.
"""

import time
from typing import Any

import requests
import urllib3

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
WHOLE_SECONDS = 10.0
LARGEST_ANSWER = 1024 * 1024
PIECE = 16 * 1024


class TimedSession(requests.Session):
    """A session whose every exchange ends: no redirects, no proxies from the environment, bounds of time and size."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        """As `requests` does it, within the bounds.

        Raises:
            requests.RequestException: nobody answers, in time, or the answer is too large.
        """
        more |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False, "stream": True}
        end = time.monotonic() + WHOLE_SECONDS
        response = super().request(method, url, **more)
        body = bytearray()
        while True:
            try:  # what has come, however little: a whole chunk may never come
                piece = response.raw.read1(PIECE, decode_content=True)
            except urllib3.exceptions.HTTPError as error:
                raise requests.ConnectionError(f"{url}: {type(error).__name__}") from error
            if not piece:
                break
            body += piece
            if time.monotonic() > end:
                response.close()
                raise requests.Timeout(f"{url}: no whole answer within {WHOLE_SECONDS:.0f} seconds")
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise requests.RequestException(f"{url}: the answer is larger than {LARGEST_ANSWER} bytes")
        response._content = bytes(body)
        return response
