"""Personal data of the datasets: who kept, delivered, submitted, approved or withdrew one."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from stadt.core.people.models import User
from stadt.hub.datasets.kept.who import ERASED
from stadt.hub.datasets.models import Delivery, KeptDataset

CARD = ("created_by", "changed_by", "submitted_by", "approved_by", "withdrawn_by")
FILE = ("received_by", "corrected_by", "drift_accepted_by")
PERSONAL = {
    "KeptDataset": ("created_by", "changed_by", "submitted_by", "approved_by", "withdrawn_by"),
    "Delivery": ("received_by", "corrected_by", "drift_accepted_by"),
}

WORDS = {
    "datasets": gettext_noop("Datensätze"),
    "deliveries": gettext_noop("Lieferungen"),
    "key": gettext_noop("Schlüssel"),
    "number": gettext_noop("Nummer"),
    "filename": gettext_noop("Dateiname"),
    "received_at": gettext_noop("eingegangen"),
    "part": gettext_noop("beteiligt"),
}


def export(user: User) -> dict[str, Any]:
    """The datasets and deliveries somebody had a part in; times are ISO 8601."""
    who = f"user:{user.pk}"
    return {
        "datasets": [
            {"key": kept.key, "part": _parts(kept, CARD, who)}
            for kept in KeptDataset.objects.filter(_any(CARD, who)).order_by("key")
        ],
        "deliveries": [
            {
                "key": delivery.dataset.key,
                "number": delivery.number,
                "filename": delivery.filename,
                "received_at": delivery.received_at.isoformat(),
                "part": _parts(delivery, FILE, who),
            }
            for delivery in Delivery.objects.filter(_any(FILE, who)).select_related("dataset").order_by("pk")
        ],
    }


def erase(user: User) -> None:
    """Datasets and files belong to the organisation and stay; who it was is not known any more."""
    who = f"user:{user.pk}"
    for model, names in ((KeptDataset, CARD), (Delivery, FILE)):
        for name in names:
            model._default_manager.filter(**{name: who}).update(**{name: ERASED})


def _any(names: tuple[str, ...], who: str) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{name: who})
    return found


def _parts(row: object, names: tuple[str, ...], who: str) -> list[str]:
    return [name for name in names if getattr(row, name) == who]
