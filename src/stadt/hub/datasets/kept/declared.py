"""A kept dataset as a declaration, so that whatever reads declarations reads it too."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from stadt.hub.datasets.declaration import Access, Dataset, HighValue, Kept, Licence, Link, Row, Theme
from stadt.hub.datasets.kept.card import live_of
from stadt.hub.datasets.kept.states import AccessClass, Kind
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.shape import remembered_columns

_DAYS = {
    "HOURLY": 1 / 24,
    "DAILY": 1,
    "WEEKLY": 7,
    "BIWEEKLY": 14,
    "MONTHLY": 30,
    "QUARTERLY": 91,
    "ANNUAL": 365,
}
SELDOM = timedelta(days=365)


def as_dataset(kept: KeptDataset) -> Dataset:
    """What readers see of a published dataset: the approved card and columns; of another the card as it is now."""
    if kept.is_live:
        return _dataset(kept, kept.live, kept.live_access)
    return draft_of(kept)


def draft_of(kept: KeptDataset) -> Dataset:
    """The dataset as it would be published with the card and columns as they are now."""
    return _dataset(kept, live_of(kept, kept.columns), kept.access)


def _dataset(kept: KeptDataset, card: dict[str, Any], access: str) -> Dataset:
    link = Link(card["link_url"], card["link_format"]) if card["kind"] == Kind.LINK else None
    return Dataset(
        key=kept.key,
        title=card["title"] or kept.key,
        description=card["description"],
        rows=_no_rows,
        columns=remembered_columns(card["columns"]),
        access=Access.PUBLIC if access == AccessClass.PUBLIC else Access.NON_PUBLIC,
        licence=_named(Licence, card["licence"], Licence.DL_DE_BY_2),
        theme=_named(Theme, card["theme"], Theme.GOVE),
        refresh=timedelta(days=_DAYS[card["frequency"]]) if card["frequency"] in _DAYS else SELDOM,
        publisher=card["publisher"] or kept.organisation.name,
        contact=card["contact"],
        keywords=tuple(card["keywords"]),
        high_value=_named(HighValue, card["high_value"], None),
        sample=card["sample"],
        kept=Kept(
            organisation_id=kept.organisation_id,
            frequency=card["frequency"],
            temporal_start=_day(card["temporal_start"]),
            temporal_end=_day(card["temporal_end"]),
            spatial=card["spatial"],
            link=link,
            is_simulated=card["is_simulated"],
            approved_at=kept.approved_at,
        ),
    )


def _no_rows() -> Iterator[Row]:
    """Its rows come from deliveries, published by `approve` and never by the clock."""
    return iter(())


def _named(words: Any, name: str, otherwise: Any) -> Any:
    """The entry of that name; one that an older edition knew and this one does not falls back."""
    return words.__members__.get(name, otherwise)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
