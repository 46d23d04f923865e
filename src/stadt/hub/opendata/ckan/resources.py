"""`resource_search`: downloads of all datasets by what stands in their fields, found set-wise in the index."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from stadt.hub.datasets.formats import FORMATS
from stadt.hub.opendata.ckan.datastore import list_of, whole
from stadt.hub.opendata.ckan.errors import wrong
from stadt.hub.opendata.ckan.packages import FORM_TITLES
from stadt.hub.opendata.ckan.searching import Search, published

MOST_TERMS = 5
MOST_ROWS = 1000
LONGEST = 200
# What each field is, of a download `f` of an entry `e`; words are compared in lower case.
FIELDS = {
    "id": "lower(e.key || '.' || f.form)",
    "name": "lower(coalesce(t.title, f.form))",
    "description": "lower(e.title || ' (' || coalesce(t.title, f.form) || ')')",
    "format": "lower(coalesce(t.kind, f.form))",
    "mimetype": "lower(coalesce(t.media, ''))",
    "url": "lower(%s || '/files/' || e.key || '/latest/' || e.key || coalesce(t.suffix, ''))",
}
SOURCE = (
    "FROM opendata_catalogueentry e JOIN opendata_cataloguecombination c ON c.id = e.combination_id,"
    " unnest(c.forms) WITH ORDINALITY AS f (form, place)"
    " LEFT JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS t (form, title, kind, media, suffix)"
    " ON t.form = f.form"
)


def search(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """`query` (`field:words`, several must all hold), `offset` and `limit`; the count is exact.

    Raises:
        WrongParameters: a term has no field, or one that is not searched.
    """
    terms = list_of("query", parameters.get("query"))
    if not terms or len(terms) > MOST_TERMS:
        raise wrong("query", f"has one to {MOST_TERMS} terms of the form field:words")
    base = published()
    conditions, values = [base.where], list(base.values)
    for term in terms:
        field, _, words = term.partition(":")
        if field not in FIELDS or not words or len(words) > LONGEST:
            raise wrong(
                "query", f"'{term[:60]}' is not of the form field:words with a field of {', '.join(FIELDS)}"
            )
        conditions.append(f"position(%s IN {FIELDS[field]}) > 0")
        values += [words.lower(), *([settings.STADT.url] if field == "url" else [])]
    start = whole("offset", parameters.get("offset"), 0)
    limit = min(whole("limit", parameters.get("limit"), 100), MOST_ROWS)
    where, given = " AND ".join(conditions), [*_forms(), *values]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {SOURCE} WHERE {where}", given)
        [(count,)] = cursor.fetchall()
        cursor.execute(
            f"SELECT e.key, f.form {SOURCE} WHERE {where} ORDER BY e.key, f.place OFFSET %s LIMIT %s",
            [*given, start, limit],
        )
        found = [f"{key}.{form}" for key, form in cursor.fetchall()]
    return {"count": count, "results": _whole(base, found)}


def _forms() -> list[list[str]]:
    """What downloads of each form have in common."""
    return [
        [form.key for form in FORMATS],
        [form.title for form in FORMATS],
        [FORM_TITLES[form.key] for form in FORMATS],
        [form.media_type.partition(";")[0] for form in FORMATS],
        [form.suffix for form in FORMATS],
    ]


def _whole(base: Search, ids: list[str]) -> list[dict[str, Any]]:
    """The resources of these ids, in their order."""
    keys = {name.rpartition(".")[0] for name in ids}
    rows = Search(f"{base.where} AND e.key = ANY(%s)", (*base.values, list(keys))).packages(
        "e.key", [], 0, len(keys)
    )
    known = {resource["id"]: resource for package in rows for resource in package["resources"]}
    return [known[name] for name in ids if name in known]
