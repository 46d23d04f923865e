"""Every write to kept datasets: the card, the deliveries, the review."""

from stadt.hub.datasets.kept.services.cards import (
    change_card,
    check_link,
    delete_draft,
    discard_changes,
    start_dataset,
)
from stadt.hub.datasets.kept.services.deliveries import (
    accept_drift,
    correct_reading,
    erase_delivery,
    prepare_delivery,
    read_delivery,
    receive_delivery,
)
from stadt.hub.datasets.kept.services.reviews import approve, return_to_draft, submit_for_review, withdraw

__all__ = [
    "accept_drift",
    "approve",
    "change_card",
    "check_link",
    "correct_reading",
    "delete_draft",
    "discard_changes",
    "erase_delivery",
    "prepare_delivery",
    "read_delivery",
    "receive_delivery",
    "return_to_draft",
    "start_dataset",
    "submit_for_review",
    "withdraw",
]
