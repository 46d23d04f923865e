"""Long work on deliveries, done by the worker; `Delivery.step` and `Delivery.state` tell how far it is."""

import logging

from django.db import transaction
from django.utils import timezone

from stadt.core.errors import Conflict, NotFound
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.kept import keeping, services
from stadt.hub.datasets.kept.finding import find_delivery
from stadt.hub.datasets.kept.links import list_linked
from stadt.hub.datasets.kept.states import DeliveryState, Step
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.rights import KEEP

READ, PREPARE, TIDY, LINKS = (
    "datasets.read_delivery",
    "datasets.prepare_delivery",
    "datasets.tidy_deliveries",
    "datasets.check_links",
)
logger = logging.getLogger("stadt.datasets")

OVER = (Conflict, NotFound, Gone)
"""Somebody else went on meanwhile: nothing to try again."""


def read_later(actor: Actor, delivery_id: int) -> None:
    """Have the worker read a delivery. Raises NotFound, Forbidden."""
    _later(actor, delivery_id, READ, Step.READING)


def prepare_later(actor: Actor, delivery_id: int) -> None:
    """Have the worker prepare a delivery. Raises NotFound, Forbidden."""
    _later(actor, delivery_id, PREPARE, Step.PREPARING)


@transaction.atomic
def _later(actor: Actor, delivery_id: int, job: str, step: Step) -> None:
    delivery = find_delivery(actor, delivery_id, KEEP)
    Delivery.objects.filter(pk=delivery.pk).update(step=step, step_since=timezone.now())
    defer(job, delivery_id=delivery.pk)


def read_delivery(*, delivery_id: int) -> None:
    """Read a delivery, and prepare it at once where the reading was recorded for an earlier one."""
    actor = Actor.system(f"job:{READ}")
    delivery = services.read_delivery(actor, delivery_id)
    if delivery.state == DeliveryState.READ and delivery.dataset.reading is not None:
        prepare_later(actor, delivery_id)


def prepare_delivery(*, delivery_id: int) -> None:
    """Prepare a delivery."""
    services.prepare_delivery(Actor.system(f"job:{PREPARE}"), delivery_id)


def tidy_deliveries() -> None:
    """Every hour: give up on work that was killed, and erase delivered files that were kept long enough."""
    keeping.give_up_stuck()
    actor = Actor.system(f"job:{TIDY}")
    for delivery_id in keeping.list_outlived():
        try:
            services.erase_delivery(actor, delivery_id)
        except OVER:
            logger.info("delivery %d is in review meanwhile and stays", delivery_id)


def check_links() -> None:
    """Every day: ask each published linked address whether it is there."""
    actor = Actor.system(f"job:{LINKS}")
    for key in list_linked():
        services.check_link(actor, key)
