"""`package_search`: which entries fit, in which order, and what the facets count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import override

from stadt.hub.datasets.declaration import Licence, Theme
from stadt.hub.opendata.ckan.conditions import Condition, all_of
from stadt.hub.opendata.ckan.datastore import list_of, whole
from stadt.hub.opendata.ckan.errors import wrong
from stadt.hub.opendata.ckan.grammar import plain_words, understand
from stadt.hub.opendata.ckan.packages import FORM_TITLES, read_package
from stadt.hub.opendata.index.asking import ask
from stadt.hub.opendata.index.lag import hidden
from stadt.hub.opendata.index.plans import by_words
from stadt.hub.opendata.records import theme_title

MOST_ROWS = 1000
MOST_SORTS = 5
MOST_FILTERS = 20
FACETS = frozenset({"organization", "groups", "tags", "license_id", "res_format"})
ORDERS = {
    "name": "e.name",
    "id": "e.key",
    "title": "e.sort_title",
    "title_string": "e.sort_title",
    "metadata_created": "e.issued_at",
    "metadata_modified": "e.changed_at",
}
USUAL = "score desc, metadata_modified desc"
FROM = "FROM opendata_catalogueentry e"


@dataclass(frozen=True, slots=True)
class Search:
    """A condition over published entries."""

    where: str
    values: tuple[Any, ...]
    has_words: bool = False

    def ask(
        self, select: str, tail: str = "", more: Sequence[Any] = (), source: str = FROM
    ) -> list[tuple[Any, ...]]:
        """Rows of a statement made of constants, with this condition."""
        with by_words(needed=self.has_words), connection.cursor() as cursor:
            cursor.execute(f"SELECT {select} {source} WHERE {self.where} {tail}", [*self.values, *more])
            return list(cursor.fetchall())

    def count(self) -> int:
        """How many entries fit."""
        return int(self.ask("count(*)")[0][0])

    def packages(self, order: str, values: Sequence[Any], start: int, rows: int) -> list[dict[str, Any]]:
        """Whole packages of a page."""
        if not rows:
            return []
        # The page is found first, by what is narrow, and only its packages are read.
        sql = (
            f"SELECT p.package FROM unnest(array(SELECT e.id {FROM} WHERE {self.where} ORDER BY {order} OFFSET %s LIMIT %s))"  # noqa: S608 - constants
            " WITH ORDINALITY AS page (id, place) JOIN opendata_catalogueentry p ON p.id = page.id ORDER BY page.place"
        )
        with by_words(needed=self.has_words), connection.cursor() as cursor:
            cursor.execute(sql, [*self.values, *values, start, rows])
            return [read_package(text) for (text,) in cursor.fetchall()]


def published(condition: Condition | None = None) -> Search:
    """The published entries that keep a condition; those of declared datasets that are hidden now are left out."""
    base = Condition(sql="e.is_published AND e.key <> ALL(%s)", values=(hidden(),))
    where, values = all_of([base, condition] if condition else [base]).where()
    return Search(where, values, "::tsquery" in where)


def search(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count, the whole packages of the page, and facets.

    Raises:
        WrongQuery: q or fq cannot be understood.
        WrongParameters: another parameter cannot be accepted.
    """
    q = str(parameters.get("q") or "")
    filters = list_of("fq_list", parameters.get("fq_list"))
    if len(filters) > MOST_FILTERS:
        raise wrong("fq_list", f"has at most {MOST_FILTERS} entries")
    found = published(all_of([understand(text) for text in (q, str(parameters.get("fq") or ""), *filters)]))
    sort = str(parameters.get("sort") or USUAL)
    order, values = _order(sort, q)
    rows = min(whole("rows", parameters.get("rows"), 10), MOST_ROWS)
    start = whole("start", parameters.get("start"), 0)
    facets, count = _facets(found, parameters)
    return {
        "count": found.count() if count is None else count,
        "sort": sort,
        "results": found.packages(order, values, start, rows),
        "facets": {
            name: {item["name"]: item["count"] for item in facet["items"]} for name, facet in facets.items()
        },
        "search_facets": facets,
    }


def _order(sort: str, q: str) -> tuple[str, list[Any]]:
    """SQL behind ORDER BY; what is equal stands by id."""
    parts, values = [], []
    known = sorted({"score", *ORDERS})
    wanted = [part.split() for part in sort.split(",") if part.strip()]
    if len(wanted) > MOST_SORTS:
        raise wrong("sort", f"has at most {MOST_SORTS} fields")
    for name, *rest in wanted:
        direction = rest[0].lower() if rest else "asc"
        if name not in known or direction not in {"asc", "desc"} or len(rest) > 1:
            raise wrong("sort", f"must be made of {', '.join(known)}, each with asc or desc")
        if name == "score":
            rank, found = _rank(q)
            parts += [f"{rank} {'ASC' if direction == 'desc' else 'DESC'}"] if rank else []
            values += found
        else:
            parts.append(f"{ORDERS[name]} {direction}")
    return ", ".join([*parts, "e.key"]), values


def _rank(q: str) -> tuple[str, list[Any]]:
    """0 for entries with all words in the title, 1 in title and keywords, 2 elsewhere."""
    question = ask(plain_words(q))
    if not question:
        return "", []
    inside = "e.id IN (SELECT id FROM opendata_catalogueentry WHERE search @@ %s::tsquery)"
    return (
        f"CASE WHEN {inside} THEN 0 WHEN {inside} THEN 1 ELSE 2 END",
        [question.query("t", wide=False), question.query("tk", wide=False)],
    )


def _facets(found: Search, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], int | None]:
    """The facets, and how many entries there are where counting by combination told it in passing."""
    if str(parameters.get("facet", "true")).lower() == "false":
        return {}, None
    names = list_of("facet.field", parameters.get("facet.field"))
    limit = whole("facet.limit", _unlimited(parameters.get("facet.limit")), 50)
    least = whole("facet.mincount", parameters.get("facet.mincount"), 1)
    facets = {}
    combined = _combinations(found) if set(names) & (FACETS - {"tags"}) else None
    for name in dict.fromkeys(names):
        if name not in FACETS:
            raise wrong(
                "facet.field", f"there is no facet '{name[:60]}'; there are {', '.join(sorted(FACETS))}"
            )
        values = (
            count_values(found, name) if combined is None or name == "tags" else _by_value(combined, name)
        )
        counts = sorted(values, key=lambda entry: (-entry[2], entry[0]))
        items = [
            {"name": key, "display_name": title, "count": count}
            for key, title, count in counts
            if count >= least
        ]
        facets[name] = {"title": name, "items": items[:limit]}
    return facets, None if combined is None else sum(row[-1] for row in combined)


def count_values(found: Search, facet: str) -> list[tuple[str, str, int]]:
    """Key, title and number of entries of each value of a facet."""
    if facet == "tags":
        rows = found.ask(
            "word, word, count(*)", "GROUP BY word", source=f"{FROM}, LATERAL unnest(e.tags) AS word"
        )
        return [(key, title, count) for key, title, count in rows]
    return _by_value(_combinations(found), facet)


def _combinations(found: Search) -> list[tuple[Any, ...]]:
    """What the entries count for, and how many of them for the same: grouped by one number, told afterwards."""
    hits = f"(SELECT e.combination_id AS id, count(*) AS n {FROM} WHERE {found.where} GROUP BY 1) AS hits"
    with by_words(needed=found.has_words), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.organisation, c.publisher, c.theme, c.licence, c.forms, hits.n"  # noqa: S608 - constants
            f" FROM {hits} JOIN opendata_cataloguecombination c ON c.id = hits.id ORDER BY c.id",
            found.values,
        )
        return list(cursor.fetchall())


def _by_value(rows: Sequence[tuple[Any, ...]], facet: str) -> list[tuple[str, str, int]]:
    titles: dict[str, str] = {}
    counts: dict[str, int] = {}
    for organisation, publisher, theme, licence, forms, count in rows:
        for key, title in _entries(facet, (organisation, publisher), theme, licence, forms):
            titles.setdefault(key, title)
            counts[key] = counts.get(key, 0) + count
    return [(key, titles[key], count) for key, count in counts.items()]


def _entries(
    facet: str, organisation: tuple[str, str], theme: str, licence: str, forms: Sequence[str]
) -> list[tuple[str, str]]:
    """What entries of a combination count for in a facet: key and title."""
    if facet == "organization":
        return [organisation]
    if facet == "groups":
        with override("de"):
            return [(theme.lower(), theme_title(Theme[theme]))]
    if facet == "license_id":
        return [(Licence[licence].value.uri, Licence[licence].value.title)]
    return [(title, title) for title in dict.fromkeys(FORM_TITLES.get(form, form) for form in forms)]


def _unlimited(value: Any) -> Any:
    return 2**31 if str(value) == "-1" else value
