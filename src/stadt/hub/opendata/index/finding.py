"""Finds entries by words and facets: one query for counts and facets together, and one for the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone

from stadt.hub.opendata.index.asking import Question, ask
from stadt.hub.opendata.index.entries import CARD, Entry, read_entries
from stadt.hub.opendata.index.lag import hidden
from stadt.hub.opendata.index.plans import by_words, in_order

FACETS = ("theme", "organisation", "licence", "high_value", "form")
# The last seven days, thirty days, and year: the columns of the counts below.
SINCE = {"7": timedelta(days=7), "30": timedelta(days=30), "365": timedelta(days=365)}
# Where words must stand for a rank, and whether compounds and synonyms count: title before keywords before description.
RANKS = (
    ("t", False),
    ("tk", False),
    ("t", True),
    ("tk", True),
    ("tkn", False),
    ("tkn", True),
    ("x", False),
    ("x", True),
)


# What so many entries share is looked for along their titles: for pages that end near enough, where a rank has enough of
# them, and not farther than this.
MANY, NEAR, ENOUGH, WALKED = 20_000, 200, 1000, 1000


class Order(StrEnum):
    """How a list is sorted."""

    RELEVANCE = "relevance"
    TITLE = "title"
    NEWEST = "newest"


ORDER_BY = {
    Order.TITLE: "sort_title, key",
    Order.NEWEST: "changed_at DESC, key",
    Order.RELEVANCE: "sort_title, key",
}

FROM_END = {
    Order.TITLE: "sort_title DESC, key DESC",
    Order.NEWEST: "changed_at, key DESC",
    Order.RELEVANCE: "sort_title DESC, key DESC",
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A choice of a facet: how many entries it would leave beside the other facets' choices."""

    key: str
    title: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody narrows the catalogue to. Several values of one facet: any of them."""

    words: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    since: str = ""

    def chosen(self, facet: str) -> list[str]:
        """The values chosen of a facet."""
        return [value for value in self.facets.get(facet, ()) if value]

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.since or any(self.chosen(facet) for facet in FACETS))


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """A page of entries, how many there are on all pages, and what each facet would leave."""

    entries: Sequence[Entry]
    count: int
    facets: Mapping[str, Sequence[FacetValue]]
    question: Question


def find_entries(
    choice: Choice, order: Order = Order.RELEVANCE, start: int = 0, limit: int = 20
) -> FoundEntries:
    """Entries that contain all words and fit the facets, best first; counts are exact."""
    question = ask(choice.words)
    with by_words(needed=bool(question)):
        count, facets = count_facets(choice, question)
        ids = _ids(choice, question, order, start, limit, count) if count > start else []
    return FoundEntries(read_entries(ids), count, facets, question)


def search_entries(words: str, limit: int) -> Sequence[Entry]:
    """The best entries for some words, without counting; nothing for no words."""
    question = ask(words)
    if not question:
        return []
    with by_words():
        ids = _ids(Choice(words), question, Order.RELEVANCE, 0, limit, MANY)
    return read_entries(ids)


def _hits(choice: Choice, question: Question, *, since: bool) -> tuple[str, list[Any]]:
    """The condition for words and time."""
    secret = hidden()
    conditions: list[str] = ["e.key <> ALL(%s)"] if secret else ["true"]
    values: list[Any] = [secret] if secret else []
    if question:
        conditions.append("e.search @@ %s::tsquery")
        values.append(question.query("x", wide=True))
    if since and choice.since in SINCE:
        conditions.append("e.changed_at >= %s")
        values.append(_moment(choice.since))
    return " AND ".join(conditions), values


def _moment(since: str) -> datetime:
    return timezone.now() - SINCE[since]


def _fits(choice: Choice, without: str = "") -> tuple[str, list[Any]]:
    """The condition for the facets, over a combination `c`."""
    conditions: list[str] = ["true"]
    values: list[Any] = []
    for facet in FACETS:
        chosen = choice.chosen(facet)
        if not chosen or facet == without:
            continue
        conditions.append("c.forms && %s::varchar[]" if facet == "form" else f"c.{facet} = ANY(%s)")
        values.append(
            [form for word in chosen for form in FORM_KEYS.get(word, [word])] if facet == "form" else chosen
        )
    return " AND ".join(conditions), values


# The two dialects of CSV are one format to people.
FORM_KEYS: Mapping[str, Sequence[str]] = {"csv": ("csv", "csv-en")}


def count_facets(choice: Choice, question: Question) -> tuple[int, dict[str, list[FacetValue]]]:
    """How many entries fit, and how many each value of each facet would leave."""
    where, values = _hits(choice, question, since=False)
    spans = list(SINCE)
    counts = ", ".join(
        [f"count(*) FILTER (WHERE e.changed_at >= %s) AS n{span}" for span in spans] + ["count(*) AS n"]
    )
    used = f"n{choice.since}" if choice.since in SINCE else "n"
    parts, more = [], []
    for facet in FACETS:
        fits, found = _fits(choice, facet)
        # Formats are few sets that many share: counted by set, then by format. CSV counts once, whatever its dialects.
        parts.append(
            f"SELECT 'form', form, '', sum(n)::bigint FROM (SELECT forms, sum({used}) AS n FROM counted c WHERE {fits}"  # noqa: S608 - constants
            " GROUP BY forms) AS sets, unnest(forms) AS form WHERE form <> 'csv-en' GROUP BY form"
            if facet == "form"
            else f"SELECT '{facet}', c.{facet}, {'max(c.publisher)' if facet == 'organisation' else repr('')},"  # noqa: S608 - constants
            f" sum({used})::bigint FROM counted c WHERE {fits} GROUP BY 2"
        )
        more += found
    fits, found = _fits(choice)
    for name, column in [("total", used), *((f"since:{span}", f"n{span}") for span in spans)]:
        parts.append(
            f"SELECT '{name}', '', '', coalesce(sum({column}), 0)::bigint FROM counted c WHERE {fits}"  # noqa: S608 - constants
        )
        more += found
    sql = (
        f"WITH hits AS MATERIALIZED (SELECT e.combination_id, {counts} FROM opendata_catalogueentry e WHERE {where} GROUP BY 1),"  # noqa: S608 - constants
        " counted AS MATERIALIZED (SELECT c.theme, c.publisher, c.organisation, c.licence, c.high_value, c.forms, h.* FROM hits h JOIN opendata_cataloguecombination c ON c.id = h.combination_id)"
        f" {' UNION ALL '.join(parts)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(_moment(span) for span in spans), *values, *more])
        rows = cursor.fetchall()
    return _told(choice, rows)


def _told(
    choice: Choice, rows: Sequence[tuple[str, str, str, int]]
) -> tuple[int, dict[str, list[FacetValue]]]:
    facets: dict[str, list[FacetValue]] = {name: [] for name in (*FACETS, "since")}
    total = 0
    for name, value, title, count in rows:
        if name == "total":
            total = count
        elif name.startswith("since:"):
            span = name.partition(":")[2]
            facets["since"].append(FacetValue(span, "", count, span == choice.since))
        elif value and (count or value in choice.chosen(name)):
            facets[name].append(FacetValue(value, title, count, value in choice.chosen(name)))
    return total, facets


def _ids(choice: Choice, question: Question, order: Order, start: int, limit: int, count: int) -> list[int]:
    fits, fitting = _fits(choice)
    is_ranked = bool(question) and order is Order.RELEVANCE
    where, values = _hits(choice, Question() if is_ranked else question, since=True)
    if fitting:
        where += f" AND e.combination_id IN (SELECT c.id FROM opendata_cataloguecombination c WHERE {fits})"  # noqa: S608 - constants
        values = [*values, *fitting]
    if not is_ranked:
        if start <= count // 2:
            return _page(where, values, ORDER_BY[order], start, limit)
        # What lies in the second half is nearer from the end.
        left = max(0, count - start - limit)
        return _page(where, values, FROM_END[order], left, count - start - left)[::-1]
    return _ranked(where, values, question, start, limit, may_be_many=count >= MANY)


def _ranked(
    where: str, values: Sequence[Any], question: Question, start: int, limit: int, *, may_be_many: bool
) -> list[int]:
    """Rank by rank, until the page is full: most pages end within the first."""
    found: list[int] = []
    above = ""
    for places, wide in RANKS:
        query = question.query(places, wide=wide)
        own = f"({query}) & !({above})" if above else query
        above = f"{above} | ({query})" if above else f"({query})"
        condition, given = f"{where} AND e.search @@ %s::tsquery", [*values, own]
        wanted = limit - len(found)
        some = _walk(condition, given, start, wanted) if may_be_many and start + wanted <= NEAR else []
        some = some or _page(condition, given, ORDER_BY[Order.TITLE], start, wanted)
        found += some
        if len(found) >= limit:
            return found
        start = 0 if some else max(0, start - _count(condition, given)) if start else 0
    return found


def _walk(where: str, values: Sequence[Any], start: int, limit: int) -> list[int]:
    """A full page of what very many share, met by going through the titles from the first on; empty where that does not help.

    To sort tens of thousands for their first twenty costs as much as all else.
    """
    many = (
        f"SELECT count(*) FROM (SELECT FROM opendata_catalogueentry e WHERE {where} LIMIT {ENOUGH}) AS many"  # noqa: S608 - constants
    )
    near = (
        "SELECT e.id FROM (SELECT * FROM opendata_catalogueentry"  # noqa: S608 - constants
        f" ORDER BY {ORDER_BY[Order.TITLE]} LIMIT {WALKED}) AS e WHERE {where} ORDER BY {ORDER_BY[Order.TITLE]} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(many, values)
        [(count,)] = cursor.fetchall()
        if count < ENOUGH:
            return []
        with in_order():
            cursor.execute(near, [*values, start + limit])
        found = [pk for (pk,) in cursor.fetchall()]
    return found[start:] if len(found) == start + limit else []


def _page(where: str, values: Sequence[Any], order: str, start: int, limit: int) -> list[int]:
    sql = f"SELECT e.id FROM opendata_catalogueentry e WHERE {where} ORDER BY {order} OFFSET %s LIMIT %s"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, start, limit])
        return [found for (found,) in cursor.fetchall()]


def _count(where: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM opendata_catalogueentry e WHERE {where}", values)  # noqa: S608 - constants
        [(count,)] = cursor.fetchall()
    return int(count)


__all__ = [
    "CARD",
    "FACETS",
    "SINCE",
    "Choice",
    "Entry",
    "FacetValue",
    "FoundEntries",
    "Order",
    "find_entries",
    "search_entries",
]
