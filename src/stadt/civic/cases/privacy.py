"""Personal data: who stands in cases, what they told, and who of the office did what."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from stadt.civic.cases.models import Case, Note, Party, SavedFilter, TaskDone
from stadt.civic.cases.moves import OWN_ROLES
from stadt.civic.cases.services.retention import anonymise_case
from stadt.civic.cases.services.telling import holder_of
from stadt.civic.messages.services import revoke_links
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

PERSONAL = {
    "Party": ("name", "email", "phone", "user"),
    "Case": ("address", "text", "title", "answers", "assignee"),
    "Note": ("author",),
    "TaskDone": ("by",),
    "SavedFilter": ("owner",),
}

WORDS = {
    "cases": _("Vorgänge"),
    "reference": _("Aktenzeichen"),
    "type": _("Art"),
    "title": _("Titel"),
    "text": _("Text"),
    "address": _("Ort"),
    "state": _("Stand"),
    "received_at": _("eingegangen"),
    "filters": _("Gespeicherte Suchen"),
    "notes": _("Interne Notizen"),
    "assigned": _("Zugewiesene Vorgänge"),
    "role": _("Rolle"),
    "name": _("Name"),
    "email": _("E-Mail-Adresse"),
    "phone": _("Telefon"),
}


def export(user: User) -> dict[str, Any]:
    """The cases in which the person stands, by account or by address, and what the person wrote in the office."""
    return {
        "cases": [
            {
                "reference": party.case.reference,
                "type": party.case.type_key,
                "title": party.case.title,
                "text": party.case.text if party.role != "follower" else "",
                "address": party.case.address,
                "state": party.case.face,
                "received_at": party.case.received_at.isoformat(),
                "role": party.role,
                "name": party.name,
                "email": party.email,
                "phone": party.phone,
            }
            for party in _parties(user).select_related("case")
        ],
        "filters": list(
            SavedFilter.objects.filter(owner=user).order_by("name").values_list("name", flat=True)
        ),
        "notes": Note.objects.filter(author=user).count(),
        "assigned": Case.objects.filter(assignee=user).count(),
    }


def erase(user: User) -> None:
    """Take the person out of all cases, and whom a closed case was about out of its texts and answers as well.

    An open case keeps what was told in its form, since the office needs it to decide; name and ways to answer of the
    party go at once, and the rest with the case's retention. So does a closed one that somebody else asked for as well.
    Links that were made for the person open nothing any more.
    """
    system = Actor.system("privacy")
    own = set()
    for party in _parties(user).select_related("case"):
        revoke_links(party.case.subject, holder=holder_of(party), actor=system)
        if party.role in OWN_ROLES and party.case.is_closed:
            own.add(party.case_id)
    _parties(user).update(name="", email="", phone="", user=None, wants_mail=False)
    asked = Party.objects.filter(case__in=own, role__in=OWN_ROLES)
    others = asked.exclude(name="", email="", phone="", user=None).values_list("case_id", flat=True)
    for case_id in sorted(own.difference(others)):
        anonymise_case(system, case_id, reason="request")
    SavedFilter.objects.filter(owner=user).delete()
    Note.objects.filter(author=user).update(author=None)
    TaskDone.objects.filter(by=user).update(by=None)
    Case.objects.filter(assignee=user).update(assignee=None)


def _parties(user: User) -> QuerySet[Party]:
    return Party.objects.filter(Q(user=user) | Q(email=user.email)).order_by("pk")
