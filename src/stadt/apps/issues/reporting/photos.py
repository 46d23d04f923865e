"""Photos of a report that is still being written: they belong to the draft's key until the case takes them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from stadt.apps.issues.reporting.draft import Draft
from stadt.apps.issues.reporting.limits import MOST_PHOTOS
from stadt.apps.issues.reporting.services import owner_of
from stadt.civic.files.models import StoredFile
from stadt.civic.files.services import take_files
from stadt.core.errors import FieldError, Invalid
from stadt.core.people.actor import Actor


def take_photos(actor: Actor, draft: Draft, uploads: Sequence[Any]) -> Draft:
    """The draft with the uploaded photos kept beside it. Raises Invalid naming `photo`; then none of them was kept."""
    if len(draft.photos) + len(uploads) > MOST_PHOTOS:
        reason = gettext("Es sind höchstens %(count)d Fotos möglich.") % {"count": MOST_PHOTOS}
        raise Invalid(reason, fields=(FieldError("photo", reason),))
    taken = take_files(uploads, accepts=("photo",), owner=owner_of(draft.key), actor=actor, field="photo")
    return replace(draft, photos=(*draft.photos, *(photo.key for photo in taken)))


def kept_photos(draft: Draft) -> list[StoredFile]:
    """The photos of the draft that are still there and its own, in the order they were taken."""
    if not draft.photos:
        return []
    found = StoredFile.objects.filter(key__in=draft.photos, owner=owner_of(draft.key), subject="")
    return list(found.order_by("pk"))
