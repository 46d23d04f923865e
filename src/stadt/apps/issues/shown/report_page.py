"""The public page of one report: how far it is, what was done, and what others may say about it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from stadt.apps.issues.shown import words
from stadt.apps.issues.shown.queries import Issue
from stadt.apps.issues.shown.views import photo_url
from stadt.civic.cases.catalogue import Face
from stadt.hub.places.queries import Area, find_area_by_id
from stadt.web.formats import day, number
from stadt.web.maps import MapLayer

ORDER = (Face.RECEIVED, Face.CHECKING, Face.PLANNED, Face.DONE)
THUMBNAIL, LARGE = 320, 1280


def page_context(issue: Issue, vote: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows; `vote` is the form that others may send, empty for none."""
    area = find_area_by_id(issue.quarter_id or issue.district_id or 0)
    feature = words.feature_of(issue)
    layer = MapLayer("issues.report", gettext("Meldung"), [feature]) if feature else None
    return {
        "issue": issue,
        "title": words.title_of(issue),
        "track": track(issue),
        "facts": _facts(issue),
        "photos": [_photo(photo) for photo in issue.photos],
        "history": [_step(step) for step in issue.history],
        "layers": [layer] if layer else [],
        "votes": vote,
        "area": area,
        "area_url": words.area_url(area) if isinstance(area, Area) else "",
    }


def track(issue: Issue) -> list[dict[str, Any]]:
    """The steps on the way, each as past, now or open, with the day it was first reached; the last one as it came out."""
    reached = {step["face"]: step["on"] for step in reversed(issue.history)}
    faces = list(ORDER)
    if issue.face == Face.NOT_POSSIBLE:
        faces[-1] = Face.NOT_POSSIBLE
    at = faces.index(Face(issue.face))
    steps = []
    for place, face in enumerate(faces):
        is_past = place < at
        when = reached.get(str(face)) if place <= at else None
        if face == Face.PLANNED and place == at and issue.planned_for:
            shown = gettext("für den %(day)s") % {"day": day(issue.planned_for)}
        else:
            shown = day(date.fromisoformat(when)) if when else ""
        steps.append(
            {
                "word": face.label,
                "day": shown,
                "state": "past" if is_past else "now" if place == at else "open",
                "is_current": place == at,
                "sign": "×"
                if face == Face.NOT_POSSIBLE
                else "✓"
                if is_past or face == issue.face == Face.DONE
                else place + 1,
            }
        )
    return steps


def _facts(issue: Issue) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(gettext("Gemeldet am"), day(issue.received_on))]
    if place := words.place_of(issue):
        facts.append((gettext("Ort"), place))
    if issue.agency:
        facts.append((gettext("Zuständig"), issue.agency))
    if issue.planned_for:
        facts.append((gettext("Eingeplant für"), day(issue.planned_for)))
    if issue.closed_on:
        facts.append((gettext("Abgeschlossen am"), day(issue.closed_on)))
    if issue.working_days is not None:
        facts.append((gettext("Wie lange es dauerte"), _duration(issue)))
    if issue.weight:
        said = ngettext("%(count)s Mensch", "%(count)s Menschen", issue.weight) % {
            "count": number(issue.weight)
        }
        facts.append((gettext("„Ich auch“"), said))
    if issue.not_fixed:
        said = ngettext("%(count)s Mensch", "%(count)s Menschen", issue.not_fixed) % {
            "count": number(issue.not_fixed)
        }
        facts.append((gettext("„Nicht erledigt“"), said))
    if issue.reopened:
        facts.append(
            (gettext("Wieder geöffnet"), gettext("%(count)s Mal") % {"count": number(issue.reopened)})
        )
    return facts


def _duration(issue: Issue) -> str:
    days = issue.working_days or 0
    said = ngettext("%(count)s Arbeitstag", "%(count)s Arbeitstage", days) % {"count": number(days)}
    if issue.in_time is None:
        return said
    return (gettext("%(days)s, in der Frist") if issue.in_time else gettext("%(days)s, nach der Frist")) % {
        "days": said
    }


def _photo(photo: Mapping[str, Any]) -> dict[str, Any]:
    is_after = photo["role"] == "after"
    return {
        "small": photo_url(photo["key"], THUMBNAIL),
        "large": photo_url(photo["key"], LARGE),
        "word": gettext("nachher") if is_after else gettext("vorher"),
        "alt": gettext("Foto nach der Arbeit") if is_after else gettext("Foto von der Meldung"),
    }


def _step(step: Mapping[str, str]) -> dict[str, str]:
    return {
        "day": day(date.fromisoformat(step["on"])),
        "word": Face(step["face"]).label,
        "text": step["text"],
    }
