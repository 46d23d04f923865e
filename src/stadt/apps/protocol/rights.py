"""The right to read the audit."""

from django.utils.translation import gettext_noop

from stadt.core.errors import Forbidden
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation

READ = Permission("protocol.read", gettext_noop("Protokoll der ganzen Stadt lesen und ausgeben"))
TOP = "stadt"


def require_reader(actor: Actor) -> None:
    """Raises SignInNeeded or Forbidden unless the right is held at the top: rows belong to no organisation."""
    if actor.kind == "system":
        return
    top = Organisation.objects.filter(key=TOP).values_list("pk", flat=True).first()
    if top is None:
        raise Forbidden
    actor.require(READ, top)
