"""Readings on their way into the store: checked row by row, kept column by column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Self

import msgspec
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = list[str | None]

# Keys of an index entry: PostgreSQL takes at most 2,704 bytes, a character has up to four.
LONGEST_SOURCE = 200
LONGEST_KEY = 400
MONTHS_AHEAD = 24
ABSENT = int(np.iinfo(np.int64).min)
TIMES = ("phenomenon_time_end", "result_time", "valid_time_start", "valid_time_end")
DOCUMENTS = ("result_quality", "parameters")
COLUMNS = (
    "datastream_ids",
    "times",
    "numbers",
    "has_number",
    "result_json",
    "features",
    "simulated",
    "sources",
    "keys",
    "groups",
)


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One observation to store.

    Attributes:
        phenomenon_time: when it was seen (its start); aware, at most 24 months ahead.
        result: a finite number, text, boolean, object or list; in the unit of the datastream.
        result_quality, parameters: any JSON.
        key: idempotency key of this one reading within `source`, such as `<message id>/temperature`: a second reading
            with the same source and key is a duplicate and not stored.
    """

    datastream_id: int
    phenomenon_time: datetime
    result: Any
    phenomenon_time_end: datetime | None = None
    result_time: datetime | None = None
    result_quality: Any = None
    valid_time_start: datetime | None = None
    valid_time_end: datetime | None = None
    parameters: dict[str, Any] | None = None
    feature_of_interest_id: int | None = None
    is_simulated: bool = False
    source: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the row with this number (from 0) was not stored; `field` is the reading's attribute."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a batch.

    Attributes:
        ids: for each row the observation's id: the first one's for a duplicate, 0 for a row that was not stored.
        stored: number of new observations.
        duplicates: rows whose key was known, ascending.
        refusals: rows that cannot be stored, ascending. With `whole` nothing at all was stored when there is one.
    """

    ids: Sequence[int]
    stored: int
    duplicates: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(slots=True)
class Batch:
    """Rows to append, as columns of equal length. Make it by `of` or `columns`.

    Times are microseconds since 1970 UTC. An optional column is None when no row has a value; in `moments` and
    `features` the value `ABSENT` stands for none. Refused rows stay, so that row numbers are the caller's.
    `groups` numbers rows that are stored together or not at all.
    """

    datastream_ids: Integers
    times: Integers
    numbers: Numbers
    has_number: Flags | None = None
    result_json: Texts | None = None
    moments: dict[str, Integers] = field(default_factory=dict)
    documents: dict[str, Texts] = field(default_factory=dict)
    features: Integers | None = None
    simulated: Flags | None = None
    sources: Texts | None = None
    keys: Texts | None = None
    groups: Integers | None = None
    refusals: dict[int, Refusal] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.datastream_ids)

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Self:
        """A batch of readings of any kind."""
        rows = readings if isinstance(readings, Sequence) else list(readings)
        batch = cls.columns(
            [row.datastream_id for row in rows],
            [row.phenomenon_time for row in rows],
            [row.result for row in rows],
        )
        for name in TIMES:
            moments = [getattr(row, name) for row in rows]
            if any(moment is not None for moment in moments):
                batch.moments[name] = batch._microseconds(name, moments)
        for name in DOCUMENTS:
            values = [getattr(row, name) for row in rows]
            if any(value is not None for value in values):
                batch.documents[name] = [batch._json(n, name, value) for n, value in enumerate(values)]
        if any(row.feature_of_interest_id is not None for row in rows):
            name = "feature_of_interest_id"
            batch.features = batch._integers(name, [getattr(row, name) for row in rows])
        if any(row.is_simulated for row in rows):
            batch.simulated = np.fromiter((row.is_simulated for row in rows), np.bool_, len(rows))
        if any(row.key for row in rows):
            batch.set_keys([row.source for row in rows], [row.key for row in rows])
        batch._check_order()
        return batch

    @classmethod
    def columns(
        cls,
        datastream_ids: Sequence[int] | Integers,
        times: Sequence[datetime] | Integers,
        results: Sequence[Any] | Numbers,
        *,
        result_times: Sequence[datetime | None] | None = None,
        is_simulated: bool | Sequence[bool] = False,
        source: str = "",
        keys: Sequence[str] | None = None,
    ) -> Self:
        """Many plain readings without an object for each.

        Args:
            times: aware datetimes, or an array of microseconds since 1970 UTC.
            keys: idempotency keys within `source`, empty for none.

        Raises:
            ValueError: when the columns differ in length.
        """
        if len({len(datastream_ids), len(times), len(results)} | ({len(keys)} if keys else set())) != 1:
            raise ValueError("columns of different length")
        empty = np.empty(0, np.int64)
        batch = cls(empty, empty, np.empty(0))
        batch.datastream_ids = batch._integers("datastream_id", datastream_ids)
        batch.times = batch._microseconds("phenomenon_time", times)
        batch._set_results(results)
        if result_times is not None and any(moment is not None for moment in result_times):
            batch.moments["result_time"] = batch._microseconds("result_time", result_times)
        if is_simulated is not False:
            batch.simulated = np.broadcast_to(np.asarray(is_simulated, np.bool_), len(batch))
        if keys:
            batch.set_keys([source] * len(batch), keys)
        return batch

    def set_keys(self, sources: Sequence[str], keys: Sequence[str]) -> None:
        """Set the idempotency key of each row; an empty key means none."""
        for n, (source, key) in enumerate(zip(sources, keys, strict=True)):
            if len(source) > LONGEST_SOURCE or not source.isprintable():
                self.refuse(n, "source", f"at most {LONGEST_SOURCE} printable characters")
            if len(key) > LONGEST_KEY or not key.isprintable():
                self.refuse(n, "key", f"at most {LONGEST_KEY} printable characters")
        self.sources = [source if key else None for source, key in zip(sources, keys, strict=True)]
        self.keys = [key or None for key in keys]

    def split(self, size: int) -> Iterator[Self]:
        """Parts of at most `size` rows, in order."""
        for start in range(0, len(self), size):
            part = slice(start, start + size)

            def cut(column: Any, part: slice = part) -> Any:
                return None if column is None else column[part]

            yield replace(
                self,
                **{name: cut(getattr(self, name)) for name in COLUMNS},
                moments={name: cut(column) for name, column in self.moments.items()},
                documents={name: cut(column) for name, column in self.documents.items()},
                refusals={
                    n - start: replace(refusal, row=n - start)
                    for n, refusal in self.refusals.items()
                    if start <= n < start + size
                },
            )

    def refuse(self, row: int, name: str, message: str) -> None:
        """Note the first thing that is wrong with a row."""
        self.refusals.setdefault(row, Refusal(row, name, message))

    def _set_results(self, results: Sequence[Any] | Numbers) -> None:
        if isinstance(results, np.ndarray) or {type(result) for result in results} <= {float, int}:
            try:
                self.numbers = np.asarray(results, np.float64)
            except OverflowError:
                self.numbers = np.array([_as_float(result) for result in results])
            for n in np.flatnonzero(~np.isfinite(self.numbers)).tolist():
                self.refuse(n, "result", "not a finite number")
            return
        self.numbers = np.zeros(len(results))
        self.has_number = np.zeros(len(results), np.bool_)
        self.result_json = [None] * len(results)
        for n, result in enumerate(results):
            if type(result) in (float, int):
                self.numbers[n] = number = _as_float(result)
                self.has_number[n] = True
                if not isfinite(number):
                    self.refuse(n, "result", "not a finite number")
            elif result is None:
                self.refuse(n, "result", "missing")
            else:
                self.result_json[n] = self._json(n, "result", result)

    def _microseconds(self, name: str, times: Sequence[datetime | None] | Integers) -> Integers:
        if isinstance(times, np.ndarray):
            return times.astype(np.int64, copy=False)
        found = np.full(len(times), ABSENT, np.int64)
        for n, moment in enumerate(times):
            if moment is None:
                if name == "phenomenon_time":
                    self.refuse(n, name, "missing")
            elif moment.tzinfo is None:
                self.refuse(n, name, "without time zone")
            else:
                # exact: below 2^53 microseconds a double has room for the whole number
                found[n] = round(moment.timestamp() * 1e6)
        return found

    def _integers(self, name: str, values: Sequence[int | None] | Integers) -> Integers:
        try:
            return np.asarray(values, np.int64)
        except (OverflowError, TypeError, ValueError):
            found = np.full(len(values), ABSENT, np.int64)
            for n, value in enumerate(values):
                if type(value) is int and abs(value) < 2**53:
                    found[n] = value
                elif value is not None or name == "datastream_id":
                    self.refuse(n, name, "not an id")
            return found

    def _json(self, row: int, name: str, value: Any) -> str | None:
        if value is None:
            return None
        try:
            text = msgspec.json.encode(value).decode()
        except (TypeError, ValueError, OverflowError, RecursionError):
            self.refuse(row, name, "not representable as JSON")
            return None
        if "\\u0000" in text:
            self.refuse(row, name, "contains the character NUL")
            return None
        return text

    def _check_order(self) -> None:
        pairs = (
            ("phenomenon_time_end", self.times, self.moments.get("phenomenon_time_end")),
            ("valid_time_end", self.moments.get("valid_time_start"), self.moments.get("valid_time_end")),
        )
        for name, starts, ends in pairs:
            if starts is not None and ends is not None:
                for n in np.flatnonzero((ends != ABSENT) & (ends < starts)).tolist():
                    self.refuse(n, name, "before the start")

    def check_now(self) -> None:
        """Refuse what claims to be seen more than 24 months from now, or before the calendar that everybody can read."""
        latest = microseconds(months_later(datetime.now(UTC), MONTHS_AHEAD))
        for name in ("phenomenon_time", "phenomenon_time_end", "result_time"):
            times = self.times if name == "phenomenon_time" else self.moments.get(name)
            if times is not None and len(times) and times.max() > latest:
                for n in np.flatnonzero(times > latest).tolist():
                    self.refuse(n, name, f"more than {MONTHS_AHEAD} months ahead")
            if times is not None and len(times) and times.min() < EARLIEST:
                for n in np.flatnonzero((times < EARLIEST) & (times != ABSENT)).tolist():
                    self.refuse(n, name, "before the year 1")


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime, exact."""
    return round(moment.timestamp() * 1e6)


EARLIEST = microseconds(datetime(1, 1, 1, tzinfo=UTC))


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time some months later; the month's last day where it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
