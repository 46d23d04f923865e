"""Tables of what was delivered for a dataset, and of who did what with it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.publishing.presentation import delivery_cell
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept import queries as kept_queries
from stadt.hub.datasets.models import KeptDataset
from stadt.web.tables import CellKind, LinkCell, TableColumn

DELIVERIES, EVENTS = 20, 30


def deliveries_table(actor: Actor, kept: KeptDataset, *, with_links: bool = True) -> dict[str, Any]:
    """The latest deliveries."""
    columns = [
        TableColumn("file", gettext("Datei")),
        TableColumn("state", gettext("Zustand")),
        TableColumn("rows", gettext("Zeilen"), CellKind.NUMBER),
        TableColumn("at", gettext("geliefert"), CellKind.DATETIME),
        TableColumn("by", gettext("von")),
    ]
    rows = []
    for delivery in kept_queries.list_deliveries(actor, kept.key)[:DELIVERIES]:
        name = f"{delivery.number} · {delivery.filename}"
        url = reverse("publishing:delivery", args=[kept.key, delivery.number])
        rows.append(
            {
                "file": LinkCell(name, url) if with_links else name,
                "state": delivery_cell(delivery),
                "rows": delivery.row_count,
                "at": delivery.received_at,
                "by": kept_queries.name_of(delivery.received_by),
            }
        )
    return {"columns": columns, "rows": rows}


def happenings_table(key: str) -> dict[str, Any]:
    """Who did what, the newest first."""
    columns = [
        TableColumn("what", gettext("Was")),
        TableColumn("who", gettext("Wer")),
        TableColumn("at", gettext("Wann"), CellKind.DATETIME),
    ]
    rows = [{"what": one.title, "who": one.who, "at": one.at} for one in kept_queries.events_of(key)[:EVENTS]]
    return {"columns": columns, "rows": rows}
