"""The states of applications and requests, and the moves between them, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """An application is proposed by anybody, and public once somebody of the city agreed."""

    PROPOSED = "proposed", _("vorgeschlagen")
    PUBLIC = "public", _("im Verzeichnis")
    DECLINED = "declined", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("herausgenommen")


class RequestState(models.TextChoices):
    """A request is public once somebody of the city agreed, and then gets an answer."""

    PROPOSED = "proposed", _("eingegangen")
    OPEN = "open", _("in Prüfung")
    FULFILLED = "fulfilled", _("erfüllt")
    IMPOSSIBLE = "impossible", _("nicht möglich")
    DECLINED = "declined", _("nicht veröffentlicht")


APPLICATION_MOVES = {
    ApplicationState.PROPOSED: (ApplicationState.PUBLIC, ApplicationState.DECLINED),
    ApplicationState.PUBLIC: (ApplicationState.WITHDRAWN,),
    ApplicationState.WITHDRAWN: (ApplicationState.PUBLIC,),
    ApplicationState.DECLINED: (),
}
ANSWERS = (RequestState.FULFILLED, RequestState.IMPOSSIBLE)
REQUEST_MOVES = {
    RequestState.PROPOSED: (RequestState.OPEN, *ANSWERS, RequestState.DECLINED),
    RequestState.OPEN: (*ANSWERS, RequestState.DECLINED),
    RequestState.FULFILLED: (RequestState.OPEN, RequestState.DECLINED),
    RequestState.IMPOSSIBLE: (RequestState.OPEN, RequestState.FULFILLED, RequestState.DECLINED),
    RequestState.DECLINED: (),
}
SHOWN = (RequestState.OPEN, *ANSWERS)
"""The states in which everybody sees a request."""
