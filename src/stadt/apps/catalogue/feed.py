"""The newest snapshots, and the versions of one dataset, as Atom feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from stadt.core.city import current
from stadt.hub.datasets.queries import Version
from stadt.hub.opendata.records import Record
from stadt.web import atom
from stadt.web.formats import number


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A version that was told once and is gone; `url` is the dataset's page."""

    url: str
    number: int
    when: datetime


def render_feed(records: Sequence[Record], gone: Sequence[Tombstone] = ()) -> bytes:
    """The feed of published records, newest first. An entry's id names its snapshot, so that each is told once.

    `gone`: newest versions of withdrawn datasets, told as deleted entries.
    """
    base = settings.STADT.url
    entries = [_entry(record, record.modified_at) for record in records if record.modified_at]
    return atom.render_feed(
        atom.Feed(
            base + reverse("catalogue:feed"),
            gettext("Offene Daten: %(city)s") % {"city": current().name},
            base + reverse("catalogue:list"),
            current().name,
            sorted(entries, key=lambda entry: entry.updated, reverse=True),
            [atom.Gone(_id(item.url, item.number), item.when) for item in gone],
        )
    )


def render_versions(record: Record, versions: Sequence[Version]) -> bytes:
    """The feed of one dataset: an entry for each version that is there, a tombstone for each that is gone."""
    base = settings.STADT.url
    return atom.render_feed(
        atom.Feed(
            base + reverse("catalogue:dataset_feed", args=[record.key]),
            record.title,
            base + record.url,
            record.publisher,
            [_version(record, item) for item in versions if item.purged_at is None],
            [atom.Gone(_id(record.url, item.number), item.purged_at) for item in versions if item.purged_at],
        )
    )


def _entry(record: Record, moment: datetime) -> atom.Entry:
    base = settings.STADT.url
    return atom.Entry(
        _id(record.url, record.snapshot.number if record.snapshot else 0),
        record.title,
        moment,
        base + record.url,
        summary=record.description or record.title,
        author=record.publisher,
        rights=str(record.licence.title),
        category=(record.dataset.theme.name, record.theme),
        files=[
            atom.File(
                base + item.permanent_url if record.link is None else item.address,
                item.media_type or "application/octet-stream",
                item.title,
                item.size_bytes,
            )
            for item in record.distributions
        ],
    )


def _version(record: Record, version: Version) -> atom.Entry:
    return atom.Entry(
        _id(record.url, version.number),
        gettext("%(title)s, Stand %(number)s") % {"title": record.title, "number": version.number},
        version.published_at,
        f"{settings.STADT.url}{record.url}?stand={version.number}",
        summary=gettext("%(rows)s Zeilen") % {"rows": number(version.row_count)},
    )


def _id(url: str, number: int) -> str:
    return f"{settings.STADT.url}{url}#{number}"
