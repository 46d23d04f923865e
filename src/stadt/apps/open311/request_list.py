"""Published reports as service requests: lists, one request, and what became of them."""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from stadt.apps.issues.public import Issue, IssueQuery, find_public, list_rows
from stadt.apps.open311.errors import UnknownThing, wrong
from stadt.apps.open311.parameters import (
    FARTHEST_ROW,
    LARGEST_RADIUS,
    degrees,
    listed,
    moment_of,
    number,
    page_of,
    span_of,
)
from stadt.apps.open311.service_list import code_of
from stadt.civic.cases.catalogue import CLOSED_FACES, Category, Face
from stadt.civic.cases.versions import list_types
from stadt.core.city import current
from stadt.hub.places.queries import area_names
from stadt.hub.places.spot_queries import METRES_PER_DEGREE, distance

STATUSES = {
    "open": tuple(str(face) for face in Face if face not in CLOSED_FACES),
    "closed": tuple(str(face) for face in Face if face in CLOSED_FACES),
}


def request_list(parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """GET Service Requests. Raises WrongRequest naming the parameter."""
    known = categories()
    is_extended = parameters.get("extensions", "").lower() in {"true", "1", "yes"}
    if named := listed(parameters.get("service_request_id", ""), "service_request_id"):
        found = [issue for reference in named if (issue := find_public(reference)) is not None]
        return told(found, known, is_extended)
    page, size = page_of(parameters)
    query, near = _query(parameters, known)
    rows = list_rows(query, FARTHEST_ROW if near else page * size)
    if near:
        lon, lat, radius = near
        rows = [row for row in rows if row.point and distance(lon, lat, *row.point) <= radius]
    return told(rows[(page - 1) * size : page * size], known, is_extended)


def one_request(reference: str, parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """GET Service Request: a list of one. Raises UnknownThing for what is not published, whether it exists or not."""
    issue = find_public(reference)
    if issue is None:
        raise UnknownThing("service_request_id was not found.")
    return told([issue], categories(), parameters.get("extensions", "").lower() in {"true", "1", "yes"})


def categories() -> dict[str, Category]:
    """Every category by its key, also those that cannot be chosen today."""
    return {category.key: category for one in list_types() for category in one.categories}


def told(issues: list[Issue], known: Mapping[str, Category], is_extended: bool) -> list[dict[str, Any]]:
    """Reports with exactly the elements of the specification, in its order; more only where extensions were asked for."""
    names = area_names(
        [number for issue in issues for number in (issue.quarter_id, issue.district_id) if number]
    )
    return [_told(issue, known.get(issue.category), names, is_extended) for issue in issues]


def first_moment(day: date) -> str:
    """A day as its first moment in the city, W3 format with zone: an officer plans for a day."""
    return datetime.combine(day, time(), timezone.get_default_timezone()).isoformat()


def moment(at: datetime) -> str:
    """A moment in the city's time, W3 format with zone."""
    return timezone.localtime(at).replace(microsecond=0).isoformat()


def _told(
    issue: Issue, category: Category | None, names: Mapping[int, str], is_extended: bool
) -> dict[str, Any]:
    area = names.get(issue.quarter_id or 0) or names.get(issue.district_id or 0) or ""
    request: dict[str, Any] = {
        "service_request_id": issue.reference,
        "status": "closed" if issue.is_closed else "open",
        "status_notes": issue.reason or (issue.history[-1].get("text", "") if issue.history else ""),
        "service_name": category.title if category else issue.category,
        "service_code": code_of(category) if category else issue.category,
        "description": issue.text,
        "agency_responsible": issue.agency,
        "service_notice": "",
        "requested_datetime": moment(issue.received_at),
        "updated_datetime": _updated(issue),
        "expected_datetime": first_moment(issue.planned_for) if issue.planned_for else None,
        "address": ", ".join(part for part in (issue.street, area, current().name) if part),
        "address_id": None,
        "zipcode": None,
        "lat": issue.lat,
        "long": issue.lon,
        "media_url": media_url(issue, "before"),
    }
    if is_extended:
        request["extended_attributes"] = {
            "face": issue.face,
            "weight": issue.weight,
            "not_fixed": issue.not_fixed,
            "merged_into": issue.merged_into or None,
            "simulated": issue.is_example,
            "media_url_after": media_url(issue, "after"),
        }
    return request


def _updated(issue: Issue) -> str:
    """For closed requests when they were closed (specification), else when something changed last."""
    return moment((issue.closed_at if issue.is_closed else None) or issue.changed_at)


def media_url(issue: Issue, role: str) -> str | None:
    """The address of the first released photo of this role."""
    photo = next((photo for photo in issue.photos if photo.get("role") == role), None)
    if photo is None:
        return None
    return f"{settings.STADT.url}{reverse('civic_files:file', args=[photo['key'], '1280'])}"


def _query(
    parameters: Mapping[str, str], known: Mapping[str, Category]
) -> tuple[IssueQuery, tuple[float, float, float] | None]:
    faces: list[str] = []
    for status in listed(parameters.get("status", ""), "status"):
        if status.lower() not in STATUSES:
            raise wrong("status", "must be open or closed.")
        faces += STATUSES[status.lower()]
    codes = listed(parameters.get("service_code", ""), "service_code")
    chosen = tuple(key for key, category in known.items() if code_of(category) in codes or key in codes)
    near = _near(parameters)
    query = IssueQuery(
        categories=chosen or codes,
        faces=tuple(faces),
        box=_box(near) if near else None,
        **_times(parameters),
    )
    return query, near


def _times(parameters: Mapping[str, str]) -> dict[str, Any]:
    start = moment_of(parameters.get("start_date", ""), "start_date")
    end = moment_of(parameters.get("end_date", ""), "end_date")
    after = moment_of(parameters.get("updated_after", ""), "updated_after")
    before = moment_of(parameters.get("updated_before", ""), "updated_before")
    times: dict[str, Any] = {"changed_since": _minute(after) if after else None, "changed_until": before}
    if start or end or not (after or before):  # what changed lately may have been handed in long ago
        first, last = span_of(start, end)
        times |= {"received_since": _minute(first), "received_until": last}
        # the same again by day, which leads the indexes
        times |= {"since": timezone.localdate(first), "until": timezone.localdate(last)}
    return times


def _minute(moment: datetime) -> datetime:
    """The minute in which a question begins, because receipts are told to the minute (decision 48).

    Else what comes in later in that minute would be lost to whoever goes on where the last question ended.
    """
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _near(parameters: Mapping[str, str]) -> tuple[float, float, float] | None:
    """Longitude, latitude and metres (extension, as other servers have it)."""
    point = degrees(parameters)
    radius = parameters.get("radius", "")
    if point is None:
        if radius:
            raise wrong("radius", "needs lat and long.")
        return None
    metres = number(radius, "radius", LARGEST_RADIUS) if radius else 1000.0
    if metres <= 0:
        raise wrong("radius", f"must be a number of metres up to {LARGEST_RADIUS:g}.")
    return *point, metres


def _box(near: tuple[float, float, float]) -> tuple[float, float, float, float]:
    lon, lat, metres = near
    high = metres / METRES_PER_DEGREE
    wide = min(high / max(0.01, math.cos(math.radians(lat))), 180.0)
    return lon - wide, lat - high, lon + wide, lat + high
