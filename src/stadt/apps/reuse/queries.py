"""What everybody sees of the register and the requests, and what waits for a decision."""

from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from stadt.apps.reuse.models import Application, DataRequest
from stadt.apps.reuse.rights import REVIEW
from stadt.apps.reuse.workflow import SHOWN, ApplicationState, RequestState
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor


def list_registered(dataset: str = "") -> QuerySet[Application]:
    """The public register, newest first; with a key what was made with that dataset."""
    found = Application.objects.filter(state=ApplicationState.PUBLIC).order_by("-agreed_at", "pk")
    return found.filter(datasets__contains=[dataset]) if dataset else found


def list_requests() -> QuerySet[DataRequest]:
    """The public requests, newest first."""
    return DataRequest.objects.filter(state__in=SHOWN).order_by("-told_at", "pk")


def count_requests() -> Mapping[str, int]:
    """How many requests there are in each state, those not public included."""
    counted = dict(DataRequest.objects.values_list("state").annotate(count=Count("pk")))
    return {str(state): counted.get(state, 0) for state in RequestState}


def list_waiting(actor: Actor) -> tuple[QuerySet[Application], QuerySet[DataRequest]]:
    """What somebody has to decide about, oldest first. Raises Forbidden."""
    actor.require(REVIEW)
    waiting = (RequestState.PROPOSED, RequestState.OPEN)
    return (
        Application.objects.filter(state=ApplicationState.PROPOSED).order_by("told_at", "pk"),
        DataRequest.objects.filter(state__in=waiting).order_by("told_at", "pk"),
    )


def get_application(actor: Actor, pk: int) -> Application:
    """One application for its review. Raises Forbidden, NotFound."""
    actor.require(REVIEW)
    found = Application.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Anwendung gibt es nicht."))
    return found


def get_request(actor: Actor, pk: int) -> DataRequest:
    """One request for its review. Raises Forbidden, NotFound."""
    actor.require(REVIEW)
    found = DataRequest.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diesen Datenwunsch gibt es nicht."))
    return found
