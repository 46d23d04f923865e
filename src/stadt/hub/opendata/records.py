"""A record for each public dataset: declaration, newest snapshot and distributions in one.

Pages, feed and search read records; every further form of the catalogue is another rendering of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext, ngettext

from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.core.german import german_slug
from stadt.core.registry import registry
from stadt.hub.datasets import downloads, queries
from stadt.hub.datasets.declaration import Dataset, LicenceText, Link, Theme
from stadt.hub.datasets.formats import FORMATS, formats_of
from stadt.hub.datasets.kept.states import AccessClass
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.services import get_dataset
from stadt.hub.datasets.snapshots import PartInfo, SnapshotInfo

LINKED = "link"  # the form of a link that does not say its format
MEDIA_TYPES = {form.key: form.media_type for form in FORMATS}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A form in which a dataset can be had; `size_bytes` is None as long as nobody fetched it."""

    format: str
    title: str
    media_type: str
    url: str
    permanent_url: str
    size_bytes: int | None

    @property
    def address(self) -> str:
        """The address with its host."""
        return self.url if "://" in self.url else settings.STADT.url + self.url


@dataclass(frozen=True, slots=True)
class Record:
    """A dataset as the catalogue tells it, in the active language."""

    dataset: Dataset
    snapshot: SnapshotInfo | None

    @property
    def key(self) -> str:
        """The permanent key."""
        return self.dataset.key

    @property
    def title(self) -> str:
        """The title."""
        return gettext(self.dataset.title)

    @property
    def description(self) -> str:
        """The description; empty where there is none."""
        return gettext(self.dataset.description) if self.dataset.description else ""

    @property
    def keywords(self) -> list[str]:
        """Words to find it by."""
        return [gettext(word) for word in self.dataset.keywords]

    @property
    def theme(self) -> str:
        """The theme's name."""
        return theme_title(self.dataset.theme)

    @property
    def licence(self) -> LicenceText:
        """The licence."""
        return self.dataset.licence.value

    @property
    def publisher(self) -> str:
        """Who publishes it."""
        return queries.publisher_of(self.dataset)

    @property
    def contact(self) -> str:
        """E-mail address for questions."""
        return self.dataset.contact or current().contact.get("email", "")

    @property
    def url(self) -> str:
        """Address of the page, without host."""
        return queries.find_page(self.key)

    @property
    def live_url(self) -> str:
        """Address of the live map layer as GeoJSON; empty where there is none."""
        layer = self.dataset.layer
        return queries.find_page(layer, "layer") if layer in registry.layers else ""

    @property
    def attribution(self) -> str:
        """What to write beside the data when it is used (dl-de/by-2-0 §2); empty where the licence asks for nothing."""
        if not self.licence.needs_attribution:
            return ""
        return f"{self.publisher}: {self.title}, {self.licence.title} ({self.licence.url}), {settings.STADT.url}{self.url}"

    @property
    def modified_at(self) -> datetime | None:
        """When rows or card were published last."""
        moments = (
            self.snapshot.published_at if self.snapshot else None,
            self.dataset.kept.approved_at if self.dataset.kept and self.is_published else None,
        )
        return max((moment for moment in moments if moment), default=None)

    @property
    def is_simulated(self) -> bool:
        """Whether rows of the newest snapshot are simulated."""
        return self.snapshot is not None and self.snapshot.is_simulated

    @property
    def link(self) -> Link | None:
        """Where it lies, when it is only linked."""
        return self.dataset.kept.link if self.dataset.kept else None

    @property
    def is_published(self) -> bool:
        """Whether there is something to take away."""
        return self.snapshot is not None or self.link is not None

    @property
    def kind(self) -> str:
        """Where it comes from: `declared` by an app, `kept` by people, or a `link`."""
        if self.dataset.kept is None:
            return "declared"
        return "link" if self.link else "kept"

    @property
    def forms(self) -> list[str]:
        """Keys of the downloads, of a link its format."""
        if self.link is not None:
            return [german_slug(self.link.format)[:40] or LINKED]
        return (
            [form.key for form in formats_of(self.dataset, self.snapshot.row_count)] if self.snapshot else []
        )

    @property
    def formats(self) -> list[str]:
        """The distributions' formats, as in the facets."""
        return (
            list(dict.fromkeys(form.form for form in formats_of(self.dataset, self.snapshot.row_count)))
            if self.snapshot
            else []
        )

    @property
    def distributions(self) -> list[Distribution]:
        """The downloads, or the link; none before the first publication."""
        if self.link is not None:
            [form] = self.forms
            title = self.link.format or gettext("Verweis")
            return [Distribution(form, title, MEDIA_TYPES.get(form, ""), self.link.url, self.link.url, None)]
        if self.snapshot is None:
            return []
        return [
            Distribution(
                form.key,
                form.title,
                form.media_type,
                downloads.url_of(self.key, downloads.LATEST, form),
                downloads.url_of(self.key, self.snapshot.number, form),
                downloads.size_of(self.key, self.snapshot.number, form),
            )
            for form in formats_of(self.dataset, self.snapshot.row_count)
        ]

    def part_behind(self, item: Distribution) -> PartInfo | None:
        """The one part of the snapshot that is itself this download."""
        parts = self.snapshot.parts if self.snapshot else ()
        return parts[0] if item.format == "parquet" and len(parts) == 1 else None


def list_keys() -> list[str]:
    """Keys of all public datasets, published or not yet; as long as the catalogue, so never for a page."""
    declared = [
        key for key, item in registry.datasets.items() if isinstance(item, Dataset) and item.is_public
    ]
    kept = KeptDataset.objects.filter(live_access=AccessClass.PUBLIC).values_list("key", flat=True)
    return sorted([*declared, *kept])


def records_to_list(keys: Sequence[str]) -> list[Record]:
    """The records of these keys, in their order, published or not yet; keys that are not public are left out."""
    known = queries.list_public(keys)
    latest = queries.list_latest([key for key in keys if key in known])
    return [Record(known[key], latest.get(key)) for key in keys if key in known]


def records_of(keys: Sequence[str]) -> list[Record]:
    """As `records_to_list`, without those that are not published yet."""
    return [record for record in records_to_list(keys) if record.is_published]


def get_record(key: str) -> Record:
    """One public dataset. Raises NotFound."""
    dataset = get_dataset(key)
    if not dataset.is_public:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return Record(dataset, queries.find_latest(key))


def theme_title(theme: Theme) -> str:
    """The theme's name in the EU authority table data-theme."""
    return {
        Theme.AGRI: gettext("Landwirtschaft, Fischerei, Forstwirtschaft und Nahrungsmittel"),
        Theme.ECON: gettext("Wirtschaft und Finanzen"),
        Theme.EDUC: gettext("Bildung, Kultur und Sport"),
        Theme.ENER: gettext("Energie"),
        Theme.ENVI: gettext("Umwelt"),
        Theme.GOVE: gettext("Regierung und öffentlicher Sektor"),
        Theme.HEAL: gettext("Gesundheit"),
        Theme.INTR: gettext("Internationale Themen"),
        Theme.JUST: gettext("Justiz, Rechtssystem und öffentliche Sicherheit"),
        Theme.REGI: gettext("Regionen und Städte"),
        Theme.SOCI: gettext("Bevölkerung und Gesellschaft"),
        Theme.TECH: gettext("Wissenschaft und Technologie"),
        Theme.TRAN: gettext("Verkehr"),
    }[theme]


def interval_in_words(interval: timedelta) -> str:
    """How often a dataset is renewed: "alle 15 Minuten"."""
    minutes = int(interval.total_seconds() // 60)
    for size, singular, plural in (
        (1440, gettext("täglich"), "days"),
        (60, gettext("stündlich"), "hours"),
        (1, gettext("minütlich"), "minutes"),
    ):
        if minutes % size == 0:
            count = minutes // size
            return singular if count == 1 else _counted(count, plural)
    return ""


def _counted(count: int, unit: str) -> str:
    if unit == "days":
        words = ngettext("alle %(count)s Tag", "alle %(count)s Tage", count)
    elif unit == "hours":
        words = ngettext("alle %(count)s Stunde", "alle %(count)s Stunden", count)
    else:
        words = ngettext("alle %(count)s Minute", "alle %(count)s Minuten", count)
    return words % {"count": count}
