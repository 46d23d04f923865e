"""What stands in the form while somebody writes: read from anything a browser sends, in any order, never refused."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.http import QueryDict

from stadt.apps.issues.reporting.limits import (
    LONGEST_ADDRESS,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_PHOTOS,
    SHORTEST_KEY,
)
from stadt.apps.issues.reporting.sameness import clean_line, clean_text
from stadt.apps.issues.reporting.services import Report
from stadt.civic.cases.models import Source
from stadt.civic.cases.people import LONGEST_ASSET

PREFIX = "report-"
"""Before our own inputs; the questions of a category stand in the same form under their keys, which have no hyphen."""
THING = "thing"
"""In a place to choose from: what is called so is a thing that a report can be about."""
MOST_SEEN = 20
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Draft:
    """One report as far as it is written. `photos` are keys of files kept already; `seen` are reports that were offered."""

    key: str
    category: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    asset: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    wants_mail: bool = True
    photos: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    answers: Mapping[str, Any] = field(default_factory=QueryDict)

    @property
    def has_place(self) -> bool:
        return self.lon is not None and self.lat is not None

    def at(self, lon: float, lat: float, address: str, asset: str = "") -> Self:
        """The same at a known point; `asset` is the thing that stands there."""
        return replace(self, lon=lon, lat=lat, address=address, asset=asset[:LONGEST_ASSET] or self.asset)

    def as_report(self, files: tuple[int, ...], source: str = "") -> Report:
        """As the verb takes it."""
        return Report(
            key=self.key, category=self.category, lon=self.lon, lat=self.lat, address=self.address, asset=self.asset,
            text=self.text, answers=self.answers, files=files, name=self.name, email=self.email,
            wants_mail=self.wants_mail, source=source or str(Source.WEB),
        )  # fmt: skip


def begin(query: QueryDict) -> Draft:
    """A new draft; an address may bring category, place and thing along (a sticker on a lamp)."""
    lon, lat = read_point(query.get("lon"), query.get("lat"))
    return Draft(
        key=new_key(),
        category=clean_line(query.get("art", ""))[:80],
        lon=lon,
        lat=lat,
        address=clean_line(query.get("ort", ""))[:LONGEST_ADDRESS],
        asset=clean_line(query.get("ding", ""))[:LONGEST_ASSET],
    )


def read(sent: QueryDict) -> Draft:
    """The draft that a form sent."""
    spot = sent.get(f"{PREFIX}spot", "").split("|", 3)
    asset = clean_line(sent.get(f"{PREFIX}asset", ""))
    lon, lat = read_point(sent.get(f"{PREFIX}lon"), sent.get(f"{PREFIX}lat"))
    address = clean_line(sent.get(f"{PREFIX}address", ""))
    if _is_left(sent, address):
        lon, lat, asset = None, None, ""
    if lon is None and len(spot) == 4:
        lon, lat = read_point(spot[0], spot[1])
        address = clean_line(spot[3]) or address
        asset = address if spot[2] == THING else asset
    key = sent.get(f"{PREFIX}key", "")
    return Draft(
        key=key
        if SHORTEST_KEY <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
        else new_key(),
        category=clean_line(sent.get(f"{PREFIX}category", ""))[:80],
        lon=lon,
        lat=lat,
        address=address[:LONGEST_ADDRESS],
        asset=asset[:LONGEST_ASSET],
        text=clean_text(sent.get(f"{PREFIX}text", ""))[: LONGEST_TEXT + 1],
        name=clean_line(sent.get(f"{PREFIX}name", ""))[: LONGEST_NAME + 1],
        email=clean_line(sent.get(f"{PREFIX}email", ""))[:LONGEST_EMAIL],
        wants_mail=f"{PREFIX}mail" in sent or f"{PREFIX}email" not in sent,
        photos=_kept(sent),
        seen=frozenset(sent.getlist(f"{PREFIX}seen")[:MOST_SEEN]),
        answers=sent,
    )


def read_point(lon: str | None, lat: str | None) -> tuple[float, float] | tuple[None, None]:
    """Two numbers as a browser writes them, in degrees; nothing for anything else."""
    try:
        x, y = float((lon or "").replace(",", ".")), float((lat or "").replace(",", "."))
    except ValueError:
        return None, None
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
        return None, None
    return x, y


def _is_left(sent: QueryDict, address: str) -> bool:
    """Whether the address was changed by hand and the point is still the one of the address before."""
    lon, _, rest = sent.get(f"{PREFIX}placed", "").partition("|")
    lat, _, before = rest.partition("|")
    is_same_point = (lon, lat) == (sent.get(f"{PREFIX}lon"), sent.get(f"{PREFIX}lat"))
    return bool(lon and address and before) and is_same_point and clean_line(before) != address


def new_key() -> str:
    """A key nobody guesses, for senders whose device chose none."""
    return secrets.token_urlsafe(24)


def _kept(sent: QueryDict) -> tuple[str, ...]:
    dropped = set(sent.getlist(f"{PREFIX}drop"))
    keys = dict.fromkeys(
        key[:60] for key in sent.getlist(f"{PREFIX}kept") if key not in dropped and key.isascii()
    )
    return tuple(key for key in keys if key.isprintable())[:MOST_PHOTOS]
