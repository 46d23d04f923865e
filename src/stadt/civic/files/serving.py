"""Gives files out: published photos to everybody, everything else by an address that holds for an hour."""

from urllib.parse import quote

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.civic.files import queries
from stadt.civic.files.models import Kind, Size, StoredFile
from stadt.core.errors import NotFound

SALT = "civic.files"
GOOD_FOR_SECONDS = 3600
SIGNATURE = "s"
# A photo that was redacted or withdrawn is gone from caches this soon.
CACHED_SECONDS = 300
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def public_url(item: StoredFile, size: Size | str | int = Size.MEDIUM) -> str:
    """The address of a published photo; it never changes."""
    return reverse("civic_files:file", args=[item.key, _step(item, size)])


def signed_url(item: StoredFile, size: Size | str | int = Size.MEDIUM) -> str:
    """An address that whoever holds it may open for an hour. The page that gives it out checked the right to it."""
    step = _step(item, size)
    signature = TimestampSigner(salt=SALT).sign(_signed(item, step)).rpartition(f"{_signed(item, step)}:")[2]
    return f"{reverse('civic_files:file', args=[item.key, step])}?{SIGNATURE}={signature}"


@require_safe
def show_file(request: HttpRequest, key: str, size: str) -> HttpResponse:
    """`/dateien/<key>/<size>`."""
    item = queries.find_by_key(key)
    if item is None or size not in Size.values or not (item.is_published or _is_signed(request, item, size)):
        raise NotFound(gettext("Diese Datei gibt es nicht, oder die Adresse gilt nicht mehr."))
    etag = quote_etag(f"{item.key}-{item.revision}-{size}")
    if item.is_published and request.headers.get("If-None-Match") == etag:
        return _with_headers(HttpResponse(status=304), item, etag)
    try:
        content = queries.path_of(item, size).read_bytes()
    except FileNotFoundError:
        raise NotFound(gettext("Diese Datei gibt es nicht mehr.")) from None
    answer = HttpResponse(content, content_type=item.media_type)
    kind = "inline" if item.kind == Kind.PHOTO else "attachment"
    answer["Content-Disposition"] = f"{kind}; {_file_name(item.name)}"
    return _with_headers(answer, item, etag)


def _with_headers(answer: HttpResponse, item: StoredFile, etag: str) -> HttpResponse:
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    if item.is_published:
        answer["ETag"] = etag
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
        patch_cache_control(answer, public=True, max_age=CACHED_SECONDS)
    else:
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        patch_cache_control(answer, private=True, no_store=True)
    return answer


def _file_name(name: str) -> str:
    """RFC 6266: plain for old programs, in UTF-8 for the others; `clean_name` left no sign that steers."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _step(item: StoredFile, size: Size | str | int) -> str:
    return str(size) if item.kind == Kind.PHOTO else str(Size.FULL)


def _signed(item: StoredFile, step: str) -> str:
    return f"{item.key}/{step}"


def _is_signed(request: HttpRequest, item: StoredFile, size: str) -> bool:
    signature = request.GET.get(SIGNATURE, "")
    try:
        TimestampSigner(salt=SALT).unsign(f"{_signed(item, size)}:{signature}", max_age=GOOD_FOR_SECONDS)
    except BadSignature:
        return False
    return True
