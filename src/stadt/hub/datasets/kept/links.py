"""Looks whether a linked address answers, through the one door to elsewhere."""

from django.utils.translation import gettext

from stadt.core import outbound
from stadt.hub.datasets.kept.states import Kind
from stadt.hub.datasets.models import KeptDataset

# The server answers, and only does not like to be asked by HEAD or by machines.
UNWILLING = frozenset({401, 403, 405, 429, 501})
MOST_BYTES = 64 * 1024


def list_linked() -> list[str]:
    """The keys of published datasets that are links."""
    rows = KeptDataset.objects.filter(kind=Kind.LINK).exclude(live_access="")
    return list(rows.order_by("key").values_list("key", flat=True))


def find_problem(url: str) -> str:
    """What is wrong with a linked address, in a sentence; empty when it answers. Private networks are never asked."""
    try:
        answer = outbound.fetch("HEAD", url, max_bytes=MOST_BYTES)
    except outbound.OutboundError as error:
        return error.detail
    if answer.status < 400 or answer.status in UNWILLING:
        return ""
    return gettext("Die Adresse antwortet mit dem Fehler %(status)s.") % {"status": answer.status}
