"""Finds kept indicators, entries and files for whoever asks; what may not be seen is not there."""

from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.hub.indicators.kept.rights import PERMISSIONS
from stadt.hub.indicators.models import Entry, FigureFile, KeptIndicator
from stadt.hub.lake.layout import KEY


def works_on(actor: Actor, kept: KeptIndicator) -> bool:
    """Whether somebody defines, enters or confirms in the organisation that keeps it."""
    return any(actor.can(permission, kept.organisation_id) for permission in PERMISSIONS)


def get_kept(key: str) -> KeptIndicator:
    """A kept indicator; everybody may know that it is there. Raises NotFound."""
    found = (
        KeptIndicator.objects.select_related("organisation").filter(key=key).first()
        if KEY.match(key)
        else None
    )
    if found is None:
        raise NotFound(gettext("Es gibt keine Kennzahl „%(key)s“.") % {"key": key[:101]})
    return found


def find_for(actor: Actor, key: str, permission: Permission) -> KeptIndicator:
    """A kept indicator for a verb. Raises NotFound, SignInNeeded or Forbidden."""
    kept = get_kept(key)
    actor.require(permission, kept.organisation_id)
    return kept


def get_entry(actor: Actor, pk: int) -> Entry:
    """An entry for somebody who works on its indicator. Raises NotFound: the numbers are not public yet."""
    found = Entry.objects.select_related("kept__organisation", "place", "file").filter(pk=pk).first()
    if found is None or not works_on(actor, found.kept):
        raise NotFound(gettext("Diesen Eintrag gibt es nicht."))
    return found


def get_file(actor: Actor, pk: int) -> FigureFile:
    """A delivered file for somebody who works on its indicator. Raises NotFound."""
    found = FigureFile.objects.defer("content").select_related("kept__organisation").filter(pk=pk).first()
    if found is None or not works_on(actor, found.kept):
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    return found
