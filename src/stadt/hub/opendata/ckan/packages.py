"""Records as CKAN's packages, resources, organisations, groups and tags."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.utils.translation import override

from stadt.core.city import current
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.models import Snapshot
from stadt.hub.datasets.queries import first_published, list_declared
from stadt.hub.opendata.ckan.grammar import plain
from stadt.hub.opendata.records import Distribution, Record, records_of
from stadt.hub.opendata.vocabulary import SAMPLES

DATASTORE = "csv"  # the resource whose rows `datastore_search` reads
FORMAT_TITLES = {
    "csv-en": "CSV",
    "gpkg": "GPKG",
    "fgb": "FlatGeobuf",
    "geojson": "GeoJSON",
    "parquet": "Parquet",
}


@dataclass(frozen=True, slots=True)
class Index:
    """What searches look at: a document for each published dataset, by key."""

    declared: Sequence[Dataset]
    state: tuple[int, int | None, str]
    documents: Sequence[dict[str, Any]]


_kept: list[Index] = []


def documents() -> Sequence[dict[str, Any]]:
    """The documents, made anew when a declaration or a snapshot changed; they are not to be changed."""
    declared = list_declared()
    rows = Snapshot.objects.filter(dataset__in=[item.key for item in declared], purged_at=None)
    found = rows.aggregate(count=Count("pk"), newest=Max("pk"))
    state = (found["count"], found["newest"], settings.STADT.url)
    kept = _kept[0] if _kept else None
    if kept is not None and kept.state == state and _is_same(kept.declared, declared):
        return kept.documents
    keys = sorted(set(rows.values_list("dataset", flat=True)))
    first = first_published(keys)
    with override("de"):
        made = [_document(record, first.get(record.key)) for record in records_of(keys)]
    _kept[:] = [Index(declared, state, made)]
    return made


def _is_same(left: Sequence[Dataset], right: Sequence[Dataset]) -> bool:
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))


def _document(record: Record, issued: datetime | None) -> dict[str, Any]:
    organisation = slug(record.publisher)
    group = record.dataset.theme.name.lower()
    modified, created = stamp(record.modified_at), stamp(issued or record.modified_at)
    rows = record.snapshot.row_count if record.snapshot else 0
    formats = sorted({format_title(item.key, item.title) for item in formats_of(record.dataset, rows)})
    fields: dict[str, Sequence[str]] = {
        "id": (record.key,),
        "name": (name_of(record.key),),
        "title": (record.title,),
        "notes": (record.description,),
        "text": (" ".join([record.title, record.description, *record.keywords, record.theme, record.key]),),
        "organization": (organisation,),
        "owner_org": (organisation,),
        "groups": (group,),
        "tags": record.keywords,
        "license_id": (record.licence.uri,),
        "res_format": formats,
        "state": ("active",),
        "type": ("dataset",),
        "dataset_type": ("dataset",),
        "private": ("false",),
        "capacity": ("public",),
        "metadata_created": (created,),
        "metadata_modified": (modified,),
    }
    return {
        "key": record.key,
        "title": record.title,
        "organization": (organisation, record.publisher),
        "group": (group, record.theme),
        "tags": list(record.keywords),
        "license": (record.licence.uri, record.licence.title),
        "formats": formats,
        "created": created,
        "modified": modified,
        "search": {name: tuple(plain(value) for value in values) for name, values in fields.items()},
    }


def name_of(key: str) -> str:
    """The package's name: CKAN's names have no dots, and areas no hyphen, so it leads back to one key."""
    return key.replace(".", "-", 1)


def slug(text: str) -> str:
    """A name for an address, from any text."""
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-") or "-"


def stamp(moment: datetime | None) -> str:
    """A point in time as CKAN writes it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() if moment else ""


def format_title(form: str, title: str) -> str:
    """The format as clients filter it."""
    return FORMAT_TITLES.get(form, title)


def packages(keys: Sequence[str]) -> list[dict[str, Any]]:
    """The packages of these keys, whole, in their order."""
    first = first_published(keys)
    with override("de"):
        return [_package(record, first.get(record.key)) for record in records_of(keys)]


def _package(record: Record, issued: datetime | None) -> dict[str, Any]:
    resources = [_resource(record, item, position) for position, item in enumerate(record.distributions)]
    licence = record.licence
    extras = {
        "publisher_name": record.publisher,
        "attribution": record.attribution,
        "theme": record.dataset.theme.value,
        "simulated": "true" if record.is_simulated else "false",
        "high_value_dataset_category": record.dataset.high_value.value if record.dataset.high_value else "",
        "references": SAMPLES + record.dataset.sample if record.dataset.sample else "",
    }
    return {
        "id": record.key,
        "name": name_of(record.key),
        "title": record.title,
        "notes": record.description,
        "url": settings.STADT.url + record.url,
        "type": "dataset",
        "state": "active",
        "private": False,
        "owner_org": slug(record.publisher),
        "organization": organisation(record.publisher),
        "author": record.publisher,
        "author_email": record.contact,
        "maintainer": record.publisher,
        "maintainer_email": record.contact,
        "license_id": licence.uri,
        "license_title": licence.title,
        "license_url": licence.url,
        "isopen": True,
        "version": str(record.snapshot.number) if record.snapshot else "",
        "metadata_created": stamp(issued or record.modified_at),
        "metadata_modified": stamp(record.modified_at),
        "num_resources": len(resources),
        "num_tags": len(record.keywords),
        "tags": [tag(word) for word in sorted(record.keywords)],
        "groups": [group(record.dataset.theme.name.lower(), record.theme)],
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
        "resources": resources,
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _resource(record: Record, item: Distribution, position: int) -> dict[str, Any]:
    part = record.part_behind(item)
    return {
        "id": f"{record.key}.{item.format}",
        "package_id": record.key,
        "name": item.title,
        "description": f"{record.title} ({item.title})",
        "url": settings.STADT.url + item.url,
        "url_type": None,
        "format": format_title(item.format, item.title),
        "mimetype": item.media_type.partition(";")[0],
        "size": part.size_bytes if part else item.size_bytes,
        "hash": part.sha256 if part else "",
        "created": stamp(record.modified_at),
        "last_modified": stamp(record.modified_at),
        "datastore_active": item.format == DATASTORE,
        "position": position,
        "state": "active",
    }


def organisation(title: str) -> dict[str, Any]:
    """An organisation as packages carry it."""
    return {
        "id": slug(title),
        "name": slug(title),
        "title": title,
        "type": "organization",
        "description": "",
        "image_url": "",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def group(name: str, title: str) -> dict[str, Any]:
    """A group, which is a theme, as packages carry it."""
    return {
        "id": name,
        "name": name,
        "title": title,
        "display_name": title,
        "description": "",
        "image_display_url": "",
    }


def tag(word: str) -> dict[str, Any]:
    """A tag as packages carry it."""
    return {"id": word, "name": word, "display_name": word, "state": "active", "vocabulary_id": None}


def site_title() -> str:
    """What the portal is called."""
    return f"Offene Daten: {current().name}"
