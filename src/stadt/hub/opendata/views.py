"""`/catalog` and `/dataset/<key>`: the catalogue as RDF, by ending or by what the client accepts."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext, override

from stadt.core.errors import FieldError, Invalid, MethodNotAllowed, NotAcceptable
from stadt.core.manifest import Menu
from stadt.core.registry import registry
from stadt.hub.datasets.queries import find_page
from stadt.hub.opendata import catalogue, queries
from stadt.hub.opendata.city import provider
from stadt.hub.opendata.records import Record, records_of
from stadt.hub.opendata.rendering import FORMS, Form, kept, write
from stadt.hub.opendata.vocabulary import Profile

HTML = "text/html"
LONGEST_NUMBER = 9


def show_catalogue(request: HttpRequest, suffix: str = "") -> HttpResponseBase:
    """A page of the catalogue: `?page=`, `modified_since=`, `profile=`."""
    _require_reading(request)
    form = _form(request, suffix)
    if form is None:
        return _see_other(_list_page())
    profile = _profile(request)
    page = catalogue.get_page(_number(request), _since(request))
    records = records_of(page.keys)
    etag = _etag("catalogue", form, profile, (page.number, page.total, str(page.since)), records)

    def make() -> bytes:
        return write(catalogue.describe_page(page, records, profile, form.suffix), form)

    links = [
        f'<{catalogue.address_of(page, number, profile, form.suffix)}>; rel="{relation}"'
        for relation, number in (("prev", page.number - 1), ("next", page.number + 1))
        if 1 <= number <= page.last
    ]
    return _answer(request, form, profile, etag, queries.changed_at(), make, links)


def show_dataset(request: HttpRequest, key: str, suffix: str = "") -> HttpResponseBase:
    """One dataset; 410 with its tombstone when it was withdrawn."""
    _require_reading(request)
    form = _form(request, suffix)
    found = records_of([key])
    if not found:
        return _tombstone(request, key, form)
    if form is None:
        return _see_other(find_page(key))
    record, profile = found[0], _profile(request)
    etag = _etag(key, form, profile, (), found)

    def make() -> bytes:
        return write(catalogue.describe_record(record, profile), form)

    return _answer(request, form, profile, etag, record.modified_at, make, [])


def _tombstone(request: HttpRequest, key: str, form: Form | None) -> HttpResponseBase:
    tombstone = queries.find_tombstone(key)
    if tombstone is None or form is None:
        raise queries.refusal_for(key)
    answer = HttpResponse(
        write(catalogue.describe_tombstone(tombstone), form), content_type=form.media_type, status=410
    )
    answer["Cache-Control"] = "no-cache"
    return _open(answer)


def _require_reading(request: HttpRequest) -> None:
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})


def _list_page() -> str:
    """Address of the list of datasets, from whichever app has it in the navigation."""
    pages = registry.menu(Menu.DATA)
    return reverse(pages[0].url_name) if pages else "/"


def _see_other(address: str) -> HttpResponseBase:
    """People are led to the page, and what lies between keeps the two apart."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    patch_vary_headers(answer, ["Accept"])
    return answer


def _form(request: HttpRequest, suffix: str) -> Form | None:
    """The form that was asked for; None: a page for people."""
    if suffix:
        return next(form for form in FORMS if form.suffix == suffix)
    offered = [FORMS[0].media_type, HTML, *(form.media_type for form in FORMS[1:])]
    chosen = request.get_preferred_type(offered)
    if chosen is None:
        raise NotAcceptable(gettext("Es gibt: %(known)s.") % {"known": ", ".join(offered)})
    return next((form for form in FORMS if form.media_type == chosen), None)


def _profile(request: HttpRequest) -> Profile:
    """The edition, by `?profile=` (word or IRI) or Accept-Profile; 3.0 where nothing is said."""
    wanted = request.GET.get("profile", "")
    if wanted:
        found = next((item for item in Profile if wanted in {item.word, item.value}), None)
        if found is None:
            known = ", ".join(item.word for item in Profile)
            raise _invalid("profile", gettext("muss eines von %(known)s sein") % {"known": known})
        return found
    accepted = request.headers.get("Accept-Profile", "")
    return next((item for item in Profile if f"<{item.value}>" in accepted), Profile.V3)


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text)):
        raise _invalid("page", gettext("muss eine Seitenzahl ab 1 sein"))
    return int(text)


def _since(request: HttpRequest) -> datetime | None:
    text = request.GET.get("modified_since", "")
    if not text:
        return None
    try:
        if len(text) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that nobody escaped
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _invalid("modified_since", gettext("muss ein Tag oder Zeitpunkt nach ISO 8601 sein")) from None


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}.", fields=(FieldError(field, message),))


def _etag(what: str, form: Form, profile: Profile, more: Sequence[object], records: Sequence[Record]) -> str:
    """A mark that changes whenever the document does, without making it."""
    with override("de"):
        state = [
            (
                record.key,
                record.snapshot.id if record.snapshot else 0,
                repr(record.dataset.kept),
                (record.title, record.description, record.keywords, record.publisher, record.contact),
                (record.attribution, record.licence.uri, record.dataset.theme.value, record.dataset.sample),
                (str(record.dataset.high_value), record.dataset.refresh.total_seconds()),
                [(item.url, item.media_type, item.size_bytes) for item in record.distributions],
            )
            for record in records
        ]
    head = [what, form.suffix, profile.value, settings.STADT.url, repr(provider()), more]
    digest = hashlib.sha256(msgspec.json.encode([*head, state])).hexdigest()
    return f'"{digest[:32]}"'


def _answer(
    request: HttpRequest,
    form: Form,
    profile: Profile,
    etag: str,
    modified: datetime | None,
    make: Callable[[], bytes],
    links: Sequence[str],
) -> HttpResponseBase:
    seconds = int(modified.timestamp()) if modified else None
    answer = get_conditional_response(request, etag=etag, last_modified=seconds)
    if answer is None:
        answer = HttpResponse(kept.get(etag, make), content_type=form.media_type)
    answer["ETag"] = etag
    if modified:
        answer["Last-Modified"] = f"{modified.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    answer["Content-Profile"] = f"<{profile.value}>"
    answer["Link"] = ", ".join([f'<{profile.value}>; rel="profile"', *links])
    return _open(answer)


def _open(answer: HttpResponseBase) -> HttpResponseBase:
    """Open to any page in any browser; what it is depends on two headers."""
    answer["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(answer, ["Accept", "Accept-Profile"])
    return answer


def problems() -> list[str]:
    """Keys of datasets that end like a form would be taken for it."""
    ends = tuple(form.suffix for form in FORMS)
    return [
        f"Der Datensatz „{key}“ darf nicht auf {', '.join(ends)} enden."
        for key in registry.datasets
        if key.endswith(ends)
    ]
