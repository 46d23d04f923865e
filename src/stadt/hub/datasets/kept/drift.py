"""How the columns of a delivery differ from those that were accepted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

Described = Sequence[Mapping[str, Any]]


def drift_between(accepted: Described, delivered: Described) -> dict[str, Any]:
    """`{added: [{name, type, unit}], removed: […], changed: [{name, was: {type, unit}, is: {…}}]}`; empty for the same.

    Names, types and units count: what a reader of the files relies on. Titles and descriptions may change.
    """
    was = {item["name"]: _relied_on(item) for item in accepted}
    now = {item["name"]: _relied_on(item) for item in delivered}
    found = {
        "added": [{"name": name, **now[name]} for name in now if name not in was],
        "removed": [{"name": name, **was[name]} for name in was if name not in now],
        "changed": [
            {"name": name, "was": was[name], "is": now[name]}
            for name in now
            if name in was and was[name] != now[name]
        ],
    }
    return found if any(found.values()) else {}


def sentences_of(drift: Mapping[str, Any]) -> list[str]:
    """The difference in words, one sentence for each column."""
    told = [
        gettext("Die Spalte „%(name)s“ (%(kind)s) ist neu.") % _words(item) for item in drift.get("added", ())
    ]
    told += [
        gettext("Die Spalte „%(name)s“ (%(kind)s) fehlt.") % _words(item) for item in drift.get("removed", ())
    ]
    told += [
        gettext("Die Spalte „%(name)s“ war %(was)s und ist jetzt %(is)s.")
        % {"name": item["name"], "was": _kind(item["was"]), "is": _kind(item["is"])}
        for item in drift.get("changed", ())
    ]
    return told


def _relied_on(item: Mapping[str, Any]) -> dict[str, str]:
    return {"type": item["type"], "unit": item["unit"]}


def _words(item: Mapping[str, str]) -> dict[str, str]:
    return {"name": item["name"], "kind": _kind(item)}


def _kind(item: Mapping[str, str]) -> str:
    titles = {
        "text": gettext("Text"),
        "number": gettext("Zahl"),
        "integer": gettext("ganze Zahl"),
        "boolean": gettext("ja oder nein"),
        "date": gettext("Datum"),
        "time": gettext("Zeitpunkt"),
        "geometry": gettext("Geometrie"),
    }
    title = titles.get(item["type"], item["type"])
    return gettext("%(kind)s in %(unit)s") % {"kind": title, "unit": item["unit"]} if item["unit"] else title
