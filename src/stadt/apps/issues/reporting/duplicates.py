"""Reports that may be the same as the one being told: what may be shown of them, and “me too”."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language, gettext

from stadt.apps.issues.reporting.area import distance
from stadt.apps.issues.reporting.offers import DOOR, Offer
from stadt.apps.issues.shown.mapping import DECIMALS, ROLES
from stadt.apps.issues.shown.queries import find_public
from stadt.apps.issues.shown.subscribing import follow
from stadt.apps.issues.shown.voices import take_voice
from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import duplicate_candidates
from stadt.civic.cases.services import support_case
from stadt.civic.cases.versions import type_of
from stadt.civic.files.models import Size
from stadt.civic.files.queries import files_of
from stadt.civic.files.serving import public_url
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.web.maps import State

COLOURS = {
    Face.RECEIVED: State.NEUTRAL,
    Face.CHECKING: State.INFO,
    Face.PLANNED: State.WARNING,
    Face.DONE: State.SUCCESS,
    Face.NOT_POSSIBLE: State.DANGER,
}
MOST_SHOWN = 3
ME_TOO = "me_too"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known report as the public may see it, `metres` away; `photo_url` is a released photo, or empty."""

    case_id: int
    reference: str
    title: str
    face: Face
    received_at: datetime
    metres: int | None
    reasons: tuple[str, ...]
    photo_url: str
    is_example: bool

    @property
    def url(self) -> str:
        """The address of its public page."""
        return reverse("issues:shown", args=[self.reference])

    @property
    def face_label(self) -> str:
        """The word for how far it is."""
        return self.face.label

    @property
    def face_state(self) -> str:
        """The colour of that word."""
        return str(COLOURS[self.face])


def find_likely(
    offer: Offer, lon: float | None, lat: float | None, text: str = "", asset: str = ""
) -> list[Likeness]:
    """Likely duplicates, best first. Categories that are not public show none: nobody learns of others' reports.

    Nothing else counts than what everybody may know: who asks again and again finds out what a distance or a likeness is of.
    """
    if not offer.category.is_public or lon is None or lat is None:
        return []
    found = duplicate_candidates(
        offer.type.key, offer.key, lon, lat, text, asset, limit=MOST_SHOWN, decimals=DECIMALS
    )
    cases = {case.pk: case for case in Case.objects.filter(pk__in=[item.case_id for item in found])}
    return [
        _shown(cases[item.case_id], offer, item.reasons, lon, lat)
        for item in found
        if item.case_id in cases and is_shown(cases[item.case_id])
    ]


@transaction.atomic
def say_me_too(actor: Actor | None, reference: str, who: str, email: str = "", *, address: str = "") -> Case:
    """Add somebody's “me too” to a public report; the same person counts once, and follows it by mail.

    `address` is that on the network, of which only some a day count.

    An address follows only after it was confirmed by the link it gets.

    Raises:
        NotFound: no such report, or none that everybody may see.
        Conflict: it is closed.
        Invalid: naming `email`.
        TooMany: too many voices from this address today.
    """
    actor = actor or Actor.anonymous()
    case = Case.objects.filter(reference=reference, duplicate_of=None).first()
    if case is None or not is_shown(case):
        raise NotFound(gettext("Diese Meldung gibt es nicht."))
    supported = support_case(actor, case.pk, ME_TOO, who=who)
    take_voice(case.subject, address, who)
    issue = find_public(reference) if email else None
    if issue is not None:
        follow(actor, issue, email)
    return supported


def is_shown(case: Case) -> bool:
    """Whether everybody may see the case: a report of a public category in a public state."""
    if case.anonymised_at is not None:
        return False
    one = type_of(case)
    category, state = one.find_category(case.category), one.find_state(case.state)
    return one.door == DOOR and bool(category and category.is_public and state and state.is_public)


def _shown(case: Case, offer: Offer, reasons: tuple[str, ...], lon: float, lat: float) -> Likeness:
    metres = None
    if case.lon is not None and case.lat is not None:
        metres = round(distance(lon, lat, round(case.lon, DECIMALS), round(case.lat, DECIMALS)))
    is_shown = offer.type.public.photos_published != "never"
    photos = [one for one in files_of(case.subject, public_only=True) if is_shown and one.role in ROLES]
    return Likeness(
        case.pk, case.reference, offer.title(get_language() or "de"), Face(case.face), case.received_at, metres, reasons,
        public_url(photos[0], Size.SMALL) if photos else "", case.is_example,
    )  # fmt: skip
