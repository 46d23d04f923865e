"""`package_search`: which documents fit, in which order, and what the facets count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from stadt.core.german import german_sort_key
from stadt.hub.opendata.ckan import packages
from stadt.hub.opendata.ckan.datastore import list_of, whole
from stadt.hub.opendata.ckan.errors import wrong
from stadt.hub.opendata.ckan.grammar import plain, understand

MOST_ROWS = 1000
FACETS = frozenset({"organization", "groups", "tags", "license_id", "res_format"})
ORDERS = frozenset({"score", "name", "id", "title", "title_string", "metadata_created", "metadata_modified"})
USUAL = "score desc, metadata_modified desc"

Document = Mapping[str, Any]


def search(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count, the whole packages of the page, and facets.

    Raises:
        WrongQuery: q or fq cannot be understood.
        WrongParameters: another parameter cannot be accepted.
    """
    q = str(parameters.get("q") or "")
    tests = [understand(q), understand(str(parameters.get("fq") or ""))]
    tests += [understand(text) for text in list_of("fq_list", parameters.get("fq_list"))]
    fitting = [item for item in packages.documents() if all(test(item) for test in tests)]
    sort = str(parameters.get("sort") or USUAL)
    found = _sorted(fitting, sort, q)
    rows = min(whole("rows", parameters.get("rows"), 10), MOST_ROWS)
    start = whole("start", parameters.get("start"), 0)
    facets = _facets(found, parameters)
    return {
        "count": len(found),
        "sort": sort,
        "results": packages.packages([item["key"] for item in found[start : start + rows]]),
        "facets": {
            name: {item["name"]: item["count"] for item in facet["items"]} for name, facet in facets.items()
        },
        "search_facets": facets,
    }


def _sorted(fitting: Sequence[Document], sort: str, q: str) -> list[Document]:
    """Stable sorts from the last key to the first; what is equal stands by id."""
    found = sorted(fitting, key=lambda item: str(item["key"]))
    words = plain(q).split()
    for part in reversed([part.split() for part in sort.split(",") if part.strip()]):
        name, direction = part[0], part[1].lower() if len(part) > 1 else "asc"
        if name not in ORDERS or direction not in {"asc", "desc"} or len(part) > 2:
            raise wrong("sort", f"must be made of {', '.join(sorted(ORDERS))}, each with asc or desc")
        found.sort(key=lambda item, name=name: _key(item, name, words), reverse=direction == "desc")  # type: ignore[misc]
    return found


def _key(item: Document, name: str, words: Sequence[str]) -> Any:
    if name == "score":
        title = item["search"]["title"][0]
        return sum(word in title for word in words)
    if name in {"title", "title_string"}:
        return german_sort_key(item["title"])
    return item["key"] if name == "id" else item["search"][name][0]


def _facets(found: Sequence[Document], parameters: Mapping[str, Any]) -> dict[str, Any]:
    if str(parameters.get("facet", "true")).lower() == "false":
        return {}
    names = list_of("facet.field", parameters.get("facet.field"))
    limit = whole("facet.limit", _unlimited(parameters.get("facet.limit")), 50)
    least = whole("facet.mincount", parameters.get("facet.mincount"), 1)
    facets = {}
    for name in names:
        if name not in FACETS:
            raise wrong(
                "facet.field", f"there is no facet '{name[:60]}'; there are {', '.join(sorted(FACETS))}"
            )
        titles = dict(pair for item in found for pair in _entries(item, name))
        counts = Counter(key for item in found for key, _ in _entries(item, name))
        best = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        items = [
            {"name": key, "display_name": titles[key], "count": count}
            for key, count in best
            if count >= least
        ]
        facets[name] = {"title": name, "items": items[:limit]}
    return facets


def _unlimited(value: Any) -> Any:
    return 2**31 if str(value) == "-1" else value


def _entries(item: Document, name: str) -> list[tuple[str, str]]:
    """What a document counts for in a facet: key and title."""
    if name == "organization":
        return [item["organization"]]
    if name == "groups":
        return [item["group"]]
    if name == "license_id":
        return [item["license"]]
    return [(word, word) for word in item["tags" if name == "tags" else "formats"]]
