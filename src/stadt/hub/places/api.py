"""`/api/v1/places`: addresses, streets, stops, sites and areas by words or by nearness, for forms and programs."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.core.errors import TooMany
from stadt.core.people.access import client_of
from stadt.hub.datasets.pacing import Pace
from stadt.hub.places.models import SpotKind
from stadt.hub.places.spot_queries import MOST_SPOTS, FoundSpot, find_spots, nearest_spot
from stadt.hub.places.spot_words import LONGEST_WORDS
from stadt.web.problems import may_raise

FARTHEST_METRES = 2000
CACHED = "public, max-age=300"
ANY_KIND: list[SpotKind] = []

# Somebody typing an address asks once per letter; five a second is faster than people type.
search_pace = Pace(burst=60, per_second=5)


class FoundPlace(Schema):
    """A place; `line` is how people tell it from others, the empty string stands for what is not known."""

    kind: str = Field(description="`address`, `street`, `stop`, `site`, `quarter` or `district`")
    line: str
    name: str
    street: str
    house_number: str
    postcode: str
    town: str
    lon: float = Field(description="WGS 84 degrees")
    lat: float
    district: str
    quarter: str
    source: str
    licence: str
    asset: str = Field(
        description="what a report calls the thing that stands here; empty for addresses and areas"
    )
    is_simulated: bool = Field(description="only the demo knows it")
    metres: float | None = Field(None, description="from the point asked for; null in a search by words")


class FoundPlaces(Schema):
    """Places for words, the best first."""

    places: list[FoundPlace]


class NearestPlace(Schema):
    """The place nearest to a point; null when there is none so near."""

    place: FoundPlace | None


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    paced = may_raise(TooMany)
    router.get("/search", response=FoundPlaces, summary="Places by words", openapi_extra=paced)(search_places)
    router.get(
        "/nearest", response=NearestPlace, summary="The place nearest to a point", openapi_extra=paced
    )(show_nearest)
    return router


def search_places(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_WORDS)],
    limit: Annotated[int, Query(ge=1, le=MOST_SPOTS)] = 10,
) -> dict[str, Any]:
    """Places for what somebody typed; case, umlauts, ß, „Str.“ and punctuation make no difference."""
    search_pace.take(client_of(request))
    response["Cache-Control"] = CACHED
    return {"places": [_told(spot) for spot in find_spots(q, limit)]}


def show_nearest(
    request: HttpRequest,
    response: HttpResponse,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-89, le=89, allow_inf_nan=False)],
    within: Annotated[
        float, Query(gt=0, le=FARTHEST_METRES, allow_inf_nan=False, description="metres")
    ] = 100,
    kind: Annotated[
        list[SpotKind], Query(max_length=len(SpotKind), description="of these kinds; any without")
    ] = ANY_KIND,
) -> dict[str, Any]:
    """The address, street, stop or site nearest to a point."""
    search_pace.take(client_of(request))
    response["Cache-Control"] = CACHED
    found = nearest_spot(lon, lat, within, kind)
    return {"place": _told(found) if found else None}


def _told(spot: FoundSpot) -> dict[str, Any]:
    return {name: getattr(spot, name) for name in FoundPlace.model_fields}
