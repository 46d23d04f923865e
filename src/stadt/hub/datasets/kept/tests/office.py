"""An office with people, and an intake that understands one simple kind of file, for tests of kept datasets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.seam import PreparedRows, Reading
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP, SEE_INTERNAL
from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.lake.layout import layout

KEY = "probe.trees"
CARD = {
    "key": KEY,
    "title": "Bäume",
    "description": "Bäume an Straßen",
    "theme": "ENVI",
    "licence": "DL_DE_ZERO_2",
    "keywords": ["Baum", "Grün"],
}
TREES = b"id;height:number\nb1;12.5\nb2;7\n"
MORE_TREES = TREES + b"b3;4\n"


def person(identifier: int, organisation: Organisation, *permissions: Any) -> Actor:
    """Somebody with these rights in an organisation; there need not be an account."""
    grants = {permission.key: frozenset({organisation.pk}) for permission in permissions}
    return Actor("user", str(identifier), grants)


class Office:
    """Two who keep datasets, one who approves, one who may only see internal ones, and one from elsewhere."""

    def __init__(self) -> None:
        self.organisation = Organisation.objects.create(key="gruen", name="Grünflächen")
        self.elsewhere = Organisation.objects.create(key="tiefbau", name="Tiefbau")
        self.keeper = person(101, self.organisation, KEEP, APPROVE)
        self.other_keeper = person(102, self.organisation, KEEP)
        self.approver = person(103, self.organisation, APPROVE)
        self.reader = person(104, self.organisation, SEE_INTERNAL)
        self.stranger = person(105, self.elsewhere, KEEP, APPROVE, SEE_INTERNAL)

    def start(self, **card: Any) -> KeptDataset:
        return services.start_dataset(self.keeper, self.organisation.pk, {**CARD, **card})

    def deliver(self, content: bytes = TREES, key: str = KEY) -> Delivery:
        """A file that is received, read and prepared."""
        delivery = services.receive_delivery(self.keeper, key, "bäume.csv", [content])
        services.read_delivery(self.keeper, delivery.pk)
        return services.prepare_delivery(self.keeper, delivery.pk)

    def review(self, key: str = KEY) -> KeptDataset:
        """Submitted by one and approved by another."""
        kept = services.submit_for_review(self.keeper, key, kept_now(key).revision)
        return services.approve(self.approver, key, kept.revision)

    def publish(self, content: bytes = TREES, **card: Any) -> KeptDataset:
        """A new dataset with these rows, for everybody unless `access` says otherwise."""
        kept = self.start(**card)
        self.deliver(content, kept.key)
        return self.review(kept.key)


def kept_now(key: str = KEY) -> KeptDataset:
    return KeptDataset.objects.get(key=key)


class SimpleIntake:
    """Reads `name;name:type` and rows below; a file that begins with `!` is refused."""

    def recognise(self, path: Path, filename: str, answer: Mapping[str, Any] | None) -> Reading:
        head = path.read_bytes().splitlines()[0].decode()
        if head.startswith("!"):
            raise Invalid("Die Datei ist keine Tabelle.", fields=(FieldError("file", "ist keine Tabelle"),))
        if head.startswith("?"):
            raise RuntimeError("broken")
        columns = [
            [name, kind or "text", ""] for name, _, kind in (word.partition(":") for word in head.split(";"))
        ]
        units = (answer or {}).get("units", {})
        return {"columns": [[name, kind, units.get(name, unit)] for name, kind, unit in columns]}

    def correct(self, reading: Reading, changes: Mapping[str, Any]) -> Reading:
        return {"columns": [[name, kind, changes.get(name, unit)] for name, kind, unit in reading["columns"]]}

    def answer_of(self, reading: Reading) -> dict[str, Any]:
        return {"units": {name: unit for name, _, unit in reading["columns"]}}

    def prepare(self, path: Path, reading: Reading, target: Path) -> PreparedRows:
        columns = tuple(Column(name, ColumnType(kind), unit=unit) for name, kind, unit in reading["columns"])
        names = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in columns)
        wanted = ", ".join(f"{_typed(column)} AS {quoted(column.name)}" for column in columns)
        engine().run(
            f"COPY (SELECT {wanted} FROM read_csv({literal(str(path))}, delim=';', header=true, columns={{{names}}}))"
            f" TO {literal(str(target))} (FORMAT parquet)"
        )
        [(count,)] = engine().ask(f"SELECT count(*) FROM read_parquet({literal(str(target))})")
        return PreparedRows(columns, count, 0, {"refused": msgspec.to_builtins(())})


def _typed(column: Column) -> str:
    name = quoted(column.name)
    kinds = {ColumnType.NUMBER: "DOUBLE", ColumnType.INTEGER: "BIGINT", ColumnType.DATE: "DATE"}
    if column.type is ColumnType.GEOMETRY:
        return f"ST_AsWKB(ST_GeomFromText({name}))"
    return f"CAST({name} AS {kinds.get(column.type, 'VARCHAR')})"


def files_left() -> list[str]:
    """What lies in the lake's folders of deliveries and of work in progress."""
    place = layout()
    return sorted(
        path.name for folder in (place.deliveries, place.work) for path in folder.rglob("*") if path.is_file()
    )
