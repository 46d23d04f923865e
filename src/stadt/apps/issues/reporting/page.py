"""What the form's page shows for a draft: groups of categories, places to choose from, photos, errors with their anchors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stadt.apps.issues.reporting import area, limits, offers
from stadt.apps.issues.reporting.draft import PREFIX, THING, Draft
from stadt.apps.issues.reporting.guard import Guard
from stadt.apps.issues.reporting.hints import Hints, hints_for
from stadt.apps.issues.reporting.offers import Offer, OfferGroup
from stadt.apps.issues.reporting.photos import kept_photos
from stadt.civic.files.models import Size, StoredFile
from stadt.civic.files.serving import signed_url
from stadt.core.errors import FieldError, StadtError
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.spot_queries import FoundSpot
from stadt.web.map_rendering import map_context

ANCHORS = {
    "photo": "foto-feld", "file": "foto-feld", "place": "ort-feld", "address": "ort-feld", "category": "art",
    "text": "text-feld", "email": "mail-feld", "party": "mail-feld", "name": "name-feld",
}  # fmt: skip
QUESTIONS = "answers."


@dataclass(slots=True)
class Page:
    """A draft on its way to be sent. `is_checked`: it was sent once, so the page has looked at it."""

    draft: Draft
    guard: Guard
    errors: list[FieldError] = field(default_factory=list)
    spots: Sequence[FoundSpot] = ()
    is_checked: bool = False

    def add(self, error: StadtError) -> None:
        """Take over what a verb refused."""
        self.errors += error.fields or (FieldError("", error.detail),)

    def context(self, language: str) -> dict[str, Any]:
        """Everything the template reads."""
        draft = self.draft
        offered = offers.list_offers()
        chosen = next((offer for offer in offered if offer.key == draft.category), None)
        is_placed = draft.lon is not None and draft.lat is not None
        return {
            "draft": draft,
            "lon": f"{draft.lon:.6f}" if is_placed else "",
            "lat": f"{draft.lat:.6f}" if is_placed else "",
            "near": area.describe(draft.lon, draft.lat)
            if draft.lon is not None and draft.lat is not None
            else None,
            "ground": map_context((), "", "medium", 0, outlines=True, legend=False),
            "guard": self.guard,
            "groups": [_tiles(group, language) for group in offers.grouped(offered, language)],
            "suggested": [_tile(one, language) for one in offers.suggest_offers(draft.text, offered)]
            if not chosen
            else [],
            "chosen": chosen,
            "chosen_title": chosen.title(language) if chosen else "",
            "spots": [
                {"value": written_spot(spot), "line": spot.line, "is_simulated": spot.is_simulated}
                for spot in self.spots
            ],
            "photos": [shown_photo(photo) for photo in kept_photos(draft)],
            "is_checked": self.is_checked,
            "most_photos": limits.MOST_PHOTOS,
            "longest_text": limits.LONGEST_TEXT,
            **hints_context(hints_for(chosen, draft) if chosen else None, draft, self.errors),
        }


def written_spot(spot: FoundSpot) -> str:
    """A place to choose from as the form sends it back; of an area only the point, so that a typed address stays."""
    is_area = spot.kind in {PlaceKind.QUARTER, PlaceKind.DISTRICT}
    return f"{spot.lon}|{spot.lat}|{THING if spot.asset else ''}|{'' if is_area else spot.name}"


def hints_context(hints: Hints | None, draft: Draft, errors: Sequence[FieldError] = ()) -> dict[str, Any]:
    """What the part about the category reads."""
    return {
        "hints": hints,
        "prefix": PREFIX,
        "answers": draft.answers,
        "question_names": {"category": draft.category},
        "messages_by_field": {item.field: item.message for item in errors if item.field},
        "shown_errors": [(_anchor(item.field), item.message) for item in errors],
        "question_errors": [
            FieldError(item.field.removeprefix(QUESTIONS), item.message)
            for item in errors
            if item.field.startswith(QUESTIONS)
        ],
    }


def shown_photo(photo: StoredFile) -> dict[str, str]:
    """A photo of the writer's own, by a signed address."""
    return {"key": photo.key, "url": signed_url(photo, Size.SMALL)}


def _anchor(name: str) -> str:
    return ANCHORS.get(name, "angaben" if name.startswith(QUESTIONS) else "")


def _tiles(group: OfferGroup, language: str) -> dict[str, Any]:
    return {"title": group.title, "tiles": [_tile(offer, language) for offer in group.offers]}


def _tile(offer: Offer, language: str) -> dict[str, Any]:
    category = offer.category
    return {
        "key": offer.key,
        "title": offer.title(language),
        "description": category.translated("description", language),
        "stops": category.stops,
        "words": " ".join((offer.title(language), *category.words)).casefold(),
    }
