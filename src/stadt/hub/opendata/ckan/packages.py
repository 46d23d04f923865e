"""Records as CKAN's packages, resources, organisations, groups and tags."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.conf import settings

from stadt.core.city import current
from stadt.hub.datasets.downloads import size_of
from stadt.hub.datasets.formats import FORMATS
from stadt.hub.opendata.index.words import fold
from stadt.hub.opendata.records import Distribution, Record
from stadt.hub.opendata.vocabulary import SAMPLES

DATASTORE = "csv"  # the resource whose rows `datastore_search` reads
FORMAT_TITLES = {
    "csv-en": "CSV",
    "gpkg": "GPKG",
    "fgb": "FlatGeobuf",
    "geojson": "GeoJSON",
    "parquet": "Parquet",
}

_FORMS = {form.key: form for form in FORMATS}
FORM_TITLES = {form.key: FORMAT_TITLES.get(form.key, form.title) for form in FORMATS}


def name_of(key: str) -> str:
    """The package's name: CKAN's names have no dots, and areas no hyphen, so it leads back to one key."""
    return key.replace(".", "-", 1)


def slug(text: str) -> str:
    """A name for an address, from any text."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-") or "-"


def stamp(moment: datetime | None) -> str:
    """A point in time as CKAN writes it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() if moment else ""


def format_title(form: str, title: str) -> str:
    """The format as clients filter it."""
    return FORMAT_TITLES.get(form, title)


def read_package(text: str) -> dict[str, Any]:
    """A package as the index keeps it, with the sizes of those files that were prepared meanwhile."""
    package: dict[str, Any] = msgspec.json.decode(text)
    key, number = package["id"], package["version"]
    for resource in package["resources"]:
        form = _FORMS.get(resource["id"].removeprefix(f"{key}."))
        if resource["size"] is None and form is not None and number:
            resource["size"] = size_of(key, int(number), form)
    return package


def package_of(record: Record, issued: datetime | None) -> dict[str, Any]:
    """The whole package of a published record; sizes of files that may still be prepared are left open."""
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
        "url": item.address,
        "url_type": None,
        "format": format_title(item.format, item.title),
        "mimetype": item.media_type.partition(";")[0],
        "size": part.size_bytes if part else None,
        "hash": part.sha256 if part else "",
        "created": stamp(record.modified_at),
        "last_modified": stamp(record.modified_at),
        "datastore_active": item.format == DATASTORE and record.snapshot is not None,
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
