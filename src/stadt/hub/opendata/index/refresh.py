"""Makes entries anew: one dataset's, those that lag behind, or all of them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from django.db import connection, transaction

from stadt.hub.datasets.queries import first_published
from stadt.hub.opendata.index import lag
from stadt.hub.opendata.index.documents import document_of, house
from stadt.hub.opendata.models import CatalogueCombination, CatalogueEntry
from stadt.hub.opendata.records import list_keys, records_to_list

logger = logging.getLogger("stadt.opendata")

BATCH = 250
# Whoever writes entries does it one after the other, so that an older state never comes after a newer one.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('opendata.index'))"

LEXEMES = "unnest(tsvector_to_array(to_tsvector('pg_catalog.{language}', {text}))) AS l"
SEARCH = " || ".join(
    f"array(SELECT '{sign}' || l FROM {LEXEMES.format(language=language, text=text)})"  # noqa: S608 - constants
    for sign, language, text in (
        ("t", "german", "d.t"),
        ("k", "german", "d.k"),
        ("n", "german", "d.n"),
        ("x", "german", "concat_ws(' ', d.t, d.k, d.n, d.x)"),
        ("t", "english", "d.te"),
        ("n", "english", "d.ne"),
        ("x", "english", "concat_ws(' ', d.te, d.ne)"),
    )
)
COLUMNS = (
    "key, name, kind, title, sort_title, is_published, snapshot, number, row_count, simulated_count, issued_at,"
    " changed_at, mark, description, translations, tags, facts, package, plain"
)
CHANGED = ", ".join(
    f"{name.strip()} = EXCLUDED.{name.strip()}" for name in COLUMNS.split(",") if name != "key"
)
DOCUMENTS = (
    "jsonb_to_recordset(%s::jsonb) AS d (key text, name text, kind text, title text, sort_title text, is_published boolean,"
    " snapshot bigint, number integer, row_count bigint, simulated_count bigint, issued_at timestamptz,"
    " changed_at timestamptz, mark text, description text, translations jsonb, tags text[], facts jsonb, package text,"
    " plain text, t text, k text, n text, x text, g text[], te text, ne text, digest text, theme text, publisher text,"
    " organisation text, licence text, high_value text, forms text[])"
)
COMBINE = (
    "INSERT INTO opendata_cataloguecombination (digest, theme, publisher, organisation, licence, high_value, forms)"  # noqa: S608 - constants
    f" SELECT DISTINCT ON (digest) digest, theme, publisher, organisation, licence, high_value, forms FROM {DOCUMENTS}"
    " ORDER BY digest ON CONFLICT (digest) DO NOTHING"
)
WRITE = (
    f"INSERT INTO opendata_catalogueentry ({COLUMNS}, combination_id, search)"  # noqa: S608 - constants
    f" SELECT {', '.join(f'd.{name.strip()}' for name in COLUMNS.split(','))}, c.id,"
    f" array_to_tsvector({SEARCH} || array(SELECT 'g' || w FROM unnest(d.g) AS w))"
    f" FROM {DOCUMENTS} JOIN opendata_cataloguecombination c ON c.digest = d.digest"
    f" ON CONFLICT (key) DO UPDATE SET {CHANGED}, combination_id = EXCLUDED.combination_id, search = EXCLUDED.search"
)
LEARN = (
    "INSERT INTO opendata_catalogueword (word, shown, stem, backwards)"
    " SELECT w.key, w.value, s.stem, reverse(s.stem) FROM jsonb_each_text(%s::jsonb) AS w,"
    " LATERAL (SELECT (tsvector_to_array(to_tsvector('pg_catalog.german', w.key)))[1] AS stem) AS s"
    " WHERE s.stem IS NOT NULL ON CONFLICT (word) DO NOTHING"
)


def refresh_entry(key: str) -> None:
    """Make the entry of one dataset anew; it goes when the dataset is not for everybody any more."""
    refresh_entries([key])


def refresh_entries(keys: Sequence[str]) -> None:
    """The same for some datasets."""
    for some in _portions(list(dict.fromkeys(keys))):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)
            _write(cursor, some)


def refresh_all(progress: Callable[[str], None] | None = None) -> int:
    """Make the whole index anew, in portions, and forget what no dataset needs. Returns how many entries there are."""
    count = 0
    for some in _portions(list_keys()):
        refresh_entries(some)
        count += len(some)
        if progress and count % (40 * BATCH) == 0:
            progress(f"{count}")
    remove_entries(lag.find_superfluous())
    _forget()
    return count


def mend() -> int:
    """Make those entries anew that lag behind; a start and a job do it. Returns how many there were."""
    keys = lag.find_lagging()
    if keys:
        logger.info("the index of the catalogue lagged behind by %d datasets", len(keys))
    refresh_entries(keys)
    return len(keys)


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def remove_entries(keys: Iterable[str]) -> None:
    """Take entries out of the index."""
    CatalogueEntry.objects.filter(key__in=list(keys)).delete()


def _write(cursor: Any, keys: Sequence[str]) -> None:
    records = records_to_list(keys)
    issued = first_published([record.key for record in records])
    place = house()
    documents = [document_of(record, issued.get(record.key), place) for record in records]
    words: dict[str, str] = {}
    for document in documents:
        words |= document.pop("words")
    found = {document["key"] for document in documents}
    remove_entries(key for key in keys if key not in found)
    if documents:
        text = msgspec.json.encode(documents).decode()
        cursor.execute(COMBINE, [text])
        cursor.execute(WRITE, [text])
        cursor.execute(LEARN, [msgspec.json.encode(dict(sorted(words.items()))).decode()])


@transaction.atomic
def _forget() -> None:
    """Combinations of no entry and words that stand in none."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        used = CatalogueEntry.objects.values("combination")
        CatalogueCombination.objects.exclude(pk__in=used).delete()
        alive = "SELECT 1 FROM opendata_catalogueentry WHERE search @@ ('''x' || replace(w.stem, '''', '''''') || '''')::tsquery"
        cursor.execute(f"DELETE FROM opendata_catalogueword w WHERE NOT EXISTS ({alive})")  # noqa: S608 - a constant
