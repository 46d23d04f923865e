"""The assessment of a dataset that people keep: as it would be published now, with what is known of link and deliveries."""

from stadt.hub.datasets.kept.declared import draft_of
from stadt.hub.datasets.kept.states import DeliveryState
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.shape import remembered_columns
from stadt.hub.datasets.snapshots import find_latest
from stadt.hub.opendata.quality.assessment import Known
from stadt.hub.opendata.quality.drafts import as_if_published
from stadt.hub.opendata.records import Record


def record_of(kept: KeptDataset) -> Record:
    """What the catalogue would tell if it were published as it is now: the card being worked on, the newest rows.

    Three queries at most.
    """
    dataset = draft_of(kept)
    if dataset.kept is not None and dataset.kept.link is not None:
        return Record(dataset, None)
    delivery = kept.deliveries.filter(state=DeliveryState.PREPARED).order_by("-number").first()
    if delivery is not None:
        return _of_delivery(kept, delivery)
    latest = find_latest(kept.key) if kept.is_live else None
    return Record(dataset, latest) if latest else as_if_published(dataset, row_count=0)


def known_about(kept: KeptDataset) -> Known:
    """Whether its link answered when it was asked last, and when its rows were delivered last."""
    asked = {kept.link_url: not kept.link_problem} if kept.link_url and kept.link_checked_at else {}
    done = kept.deliveries.filter(state__in=(DeliveryState.PREPARED, DeliveryState.PUBLISHED))
    delivered = done.order_by("-number").first()
    return Known(reached=asked, renewed_at=delivered.received_at if delivered else None)


def _of_delivery(kept: KeptDataset, delivery: Delivery) -> Record:
    columns = remembered_columns(delivery.columns)
    return as_if_published(draft_of(kept), columns, delivery.row_count or 0, delivery.part.get("profile", {}))
