"""What a computation may read: snapshots of datasets and audited queries, each remembered with its result."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets import queries
from stadt.hub.lake.engine import Record, engine

MOST_STORED_ROWS = 200
SECONDS = "5s"


class NoSnapshot(Exception):
    """A dataset that the computation needs is not published."""

    def __init__(self, dataset: str) -> None:
        super().__init__(dataset)
        self.dataset = dataset


class Sources(Protocol):
    """The two ways in which a computation reads."""

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[Record]:
        """Rows of DuckDB SQL over the view `data` of a dataset's snapshot; `?` for parameters.

        Raises:
            NoSnapshot: nothing is published.
        """
        ...

    def query(self, title: str, sql: str, *parameters: Any) -> list[Record]:
        """Rows of a PostgreSQL SELECT (`%s` for parameters), stored with the value; `title` is a German message id.

        Raises:
            ValueError: when more than 200 rows come back: the database aggregates, not the computation.
        """
        ...


@dataclass
class LiveSources:
    """Reads what is newest and writes down what was read."""

    inputs: list[dict[str, Any]] = field(default_factory=list)
    snapshots: dict[str, queries.SnapshotInfo] = field(default_factory=dict)

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[Record]:
        """The newest snapshot; the same one for all questions of one computation."""
        if dataset not in self.snapshots:
            found = queries.find_latest(dataset)
            if found is None:
                raise NoSnapshot(dataset)
            self.snapshots[dataset] = found
        snapshot = self.snapshots[dataset]
        rows = engine().ask(sql, parameters, view=snapshot.view)
        self.inputs.append(
            {
                "kind": "snapshot",
                "dataset": dataset,
                "number": snapshot.number,
                "content_hash": snapshot.content_hash,
                "simulated_rows": snapshot.simulated_count,
                "rows": snapshot.row_count,
                "sql": sql,
                "parameters": [_written(value) for value in parameters],
            }
        )
        return rows

    def query(self, title: str, sql: str, *parameters: Any) -> list[Record]:
        """Run a read-only query and keep its result."""
        rows = _read_only(sql, parameters)
        if len(rows) > MOST_STORED_ROWS:
            raise ValueError(f"{title}: {len(rows)} rows are too many to be stored with a value")
        result = [[_written(cell) for cell in row] for row in rows]
        self.inputs.append(
            {
                "kind": "query",
                "title": title,
                "sql": sql,
                "parameters": [_written(value) for value in parameters],
                "result": result,
                "hash": hash_of(result),
            }
        )
        return [tuple(_read(cell) for cell in row) for row in result]

    @property
    def is_simulated(self) -> bool:
        """Whether a snapshot that was asked has simulated rows."""
        return any(snapshot.is_simulated for snapshot in self.snapshots.values())


@dataclass
class CitedSources:
    """Reads what a stored value cites, in the same order, so that computing again gives the same value."""

    inputs: Sequence[dict[str, Any]]
    position: int = 0

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[Record]:
        """The cited snapshot. Raises NotFound when the formula asks for something else by now."""
        cited = self._next("snapshot")
        if cited["dataset"] != dataset:
            raise NotFound(
                gettext("Der Wert zitiert „%(cited)s“, die Formel fragt „%(dataset)s“.")
                % {"cited": cited["dataset"], "dataset": dataset}
            )
        snapshot = queries.get_snapshot(dataset, cited["number"])
        if snapshot.content_hash != cited["content_hash"]:
            raise NotFound(
                gettext("Der Stand %(number)s von „%(dataset)s“ ist nicht mehr der zitierte.")
                % {"number": snapshot.number, "dataset": dataset}
            )
        return engine().ask(sql, parameters, view=snapshot.view)

    def query(self, title: str, sql: str, *parameters: Any) -> list[Record]:
        """The stored result."""
        cited = self._next("query")
        if cited["sql"] != sql or hash_of(cited["result"]) != cited["hash"]:
            raise NotFound(
                gettext("Die Abfrage „%(title)s“ ist nicht mehr die, die der Wert zitiert.")
                % {"title": title}
            )
        return [tuple(_read(cell) for cell in row) for row in cited["result"]]

    @property
    def is_simulated(self) -> bool:
        """Whether a cited snapshot has simulated rows."""
        return any(item.get("simulated_rows") for item in self.inputs)

    def _next(self, kind: str) -> dict[str, Any]:
        if self.position >= len(self.inputs) or self.inputs[self.position]["kind"] != kind:
            raise NotFound(gettext("Die Formel liest anderes als der gespeicherte Wert."))
        self.position += 1
        return self.inputs[self.position - 1]


def hash_of(result: Any) -> str:
    """SHA-256 of a stored result, whatever the order of keys in which the database gives it back."""
    return hashlib.sha256(msgspec.json.encode(result, order="deterministic")).hexdigest()


def _read_only(sql: str, parameters: Sequence[Any]) -> list[Record]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT reading")
        cursor.execute("SET LOCAL transaction_read_only = on")
        cursor.execute("SET LOCAL statement_timeout = %s", [SECONDS])
        cursor.execute(sql, parameters)
        rows: list[Record] = cursor.fetchall()
        cursor.execute("ROLLBACK TO SAVEPOINT reading")  # also undoes the two settings
    return rows


def _written(value: Any) -> Any:
    """A cell as JSON keeps it; times and decimals are marked, so that they come back as they were."""
    if isinstance(value, datetime):
        return {"time": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return value


def _read(cell: Any) -> Any:
    match cell:
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"decimal": text}:
            return Decimal(text)
    return cell
