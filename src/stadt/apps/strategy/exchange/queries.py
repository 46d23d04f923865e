"""What leaves: the document of today or of an edition, and its bytes in each format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.utils import timezone

from stadt.apps.strategy.exchange.csv_set import write_csv_set
from stadt.apps.strategy.exchange.document import City, Document, EditionRecord, VersionRecord, write_json
from stadt.apps.strategy.exchange.stratml import write_stratml
from stadt.apps.strategy.exchange.workbook import write_workbook
from stadt.apps.strategy.record.content import decode
from stadt.apps.strategy.record.models import Edition, ItemVersion
from stadt.apps.strategy.record.queries import get_edition, list_editions, revision, strategy_at
from stadt.apps.strategy.record.states import EditionState
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.core.german import german_slug

KEPT_FILES: Final = 16


@dataclass(frozen=True, slots=True)
class Format:
    """A format that leaves: the end of its address, what it is called, and what it is."""

    suffix: str
    title: str
    media_type: str
    write: Callable[[Document], bytes]


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        one.suffix: one
        for one in (
            Format(
                "xlsx",
                "Excel (XLSX)",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                write_workbook,
            ),
            Format("csv.zip", "CSV (ZIP)", "application/zip", write_csv_set),
            Format("json", "JSON", "application/json", write_json),
            Format("stratml.xml", "StratML (XML)", "application/xml", write_stratml),
        )
    }
)


def document_of(edition: str = "", *, internal: bool = False) -> Document:
    """The strategy as a document: today's state, or an adopted edition.

    `internal` adds versions that begin on a day still ahead; drafts of editions never leave.

    Raises:
        NotFound: there is no adopted edition of that name.
    """
    if edition and ("\x00" in edition or get_edition(edition).state == EditionState.DRAFT):
        raise NotFound
    return _document(edition, _editions(), timezone.localdate(), internal=internal)


def file_of(suffix: str, edition: str = "", *, internal: bool = False) -> bytes:
    """The bytes of one format; made once for each state of the strategy.

    Raises:
        NotFound: see `document_of`.
    """
    if edition and ("\x00" in edition or get_edition(edition).state == EditionState.DRAFT):
        raise NotFound
    today = timezone.localdate()
    return _file(suffix, edition, internal, today, revision(), _editions(), current().key)


def file_name(suffix: str, edition: str = "") -> str:
    """What a download is called, such as `strategie-probstadt-1-0.xlsx`."""
    return "-".join(filter(None, ("strategie", current().key, german_slug(edition)))) + f".{suffix}"


def is_empty() -> bool:
    """Whether the city has no strategy at all, neither recorded nor in its files."""
    return not len(strategy_at())


@lru_cache(maxsize=KEPT_FILES)
def _file(
    suffix: str,
    edition: str,
    internal: bool,
    today: date,
    _revision: int,
    editions: tuple[EditionRecord, ...],
    _city: str,
) -> bytes:
    return FORMATS[suffix].write(_document(edition, editions, today, internal=internal))


def _document(edition: str, editions: tuple[EditionRecord, ...], today: date, *, internal: bool) -> Document:
    content = strategy_at(edition=edition or None)
    rows = ItemVersion.objects.order_by("id")
    if not internal:
        rows = rows.filter(valid_from__lte=today)
    city = current()
    return Document(
        city=City(city.key, city.name),
        edition=edition,
        items=tuple(content),
        editions=editions,
        versions=tuple(_version(row) for row in rows.iterator()),
    )


def _version(row: ItemVersion) -> VersionRecord:
    return VersionRecord(
        item=decode(row.body),
        valid_from=row.valid_from,
        recorded_at=row.recorded_at,
        valid_to=row.valid_to,
        superseded_at=row.superseded_at,
        reason=row.reason,
    )


def _editions() -> tuple[EditionRecord, ...]:
    return tuple(_edition(row) for row in sorted(list_editions(), key=lambda row: row.pk))


def _edition(row: Edition) -> EditionRecord:
    return EditionRecord(
        name=row.name,
        state="adopted" if row.state == EditionState.ADOPTED else "superseded",
        valid_on=row.valid_on,
        known_at=row.known_at or row.drafted_at,
        note=row.note,
        council_paper=row.council_paper,
        council_date=row.council_date,
        council_link=row.council_link,
        adopted_at=row.adopted_at,
        superseded_at=row.superseded_at,
    )
