"""Lets pages of other sites read the city's own interface: everybody's reads, never with a visitor's session."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

PREFIX = "/api/v1/"
READS = frozenset({"GET", "HEAD"})
EXPOSED = "ETag, Link, Retry-After"
DAY = "86400"


class CrossOriginMiddleware:
    """Answers preflights for reads, and allows what they read.

    The wildcard shuts out cookies (Fetch standard, "CORS protocol and credentials"), so that another site reads what an
    anonymous visitor reads.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "OPTIONS" and request.headers.get("Access-Control-Request-Method") in READS:
            answer = HttpResponse(status=204)
            answer["Access-Control-Allow-Methods"] = "GET, HEAD"
            answer["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
            answer["Access-Control-Max-Age"] = DAY
        else:
            answer = self.get_response(request)
            if request.method not in READS:
                return answer
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = EXPOSED
        return answer
