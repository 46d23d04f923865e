"""Answers that everybody gets alike carry an ETag, and are not sent again to who has them (RFC 9110 §13)."""

import hashlib

from django.http import HttpRequest, HttpResponse

PAGE_SECONDS = 60


def cached(
    request: HttpRequest, content: bytes, media_type: str, seconds: int = PAGE_SECONDS
) -> HttpResponse:
    """The content with its ETag, or 304 when the asker's copy is the same. For answers without anything personal."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    is_known = etag in known or "*" in known
    answer = HttpResponse(
        b"" if is_known else content, status=304 if is_known else 200, content_type=media_type
    )
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={seconds}"
    answer["Vary"] = "Accept-Language, Cookie"  # the language of the words
    return answer
