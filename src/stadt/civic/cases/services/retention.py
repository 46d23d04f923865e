"""The end of cases: personal data go after the type's days, and later the case itself."""

import logging
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, versions
from stadt.civic.cases.events import CaseAnonymised
from stadt.civic.cases.models import Case, Entry, Note, Party, Support, TaskDone
from stadt.civic.cases.rights import MANAGE
from stadt.civic.cases.services import telling
from stadt.core.audit import record
from stadt.core.errors import Conflict, StadtError
from stadt.core.events import publish
from stadt.core.people.actor import Actor

logger = logging.getLogger("stadt.cases")

MOST_A_RUN = 5000
KEPT_DECIMALS = 3
"""Of a place a tenth of a kilometre stays: enough for figures of a quarter, too little for a front door."""


@transaction.atomic
def anonymise_case(actor: Actor, case_id: int, *, reason: str = "retention") -> None:
    """Remove everything personal: people, texts, answers, notes, messages, files and links.

    What stays are category, states, times, the quarter and a place rounded to about a hundred metres. Needs `cases.manage`.
    Doing it again changes nothing.

    Raises:
        NotFound, Forbidden: without the right.
        Conflict: the case is not closed.
    """
    case = access.lock_seen(actor, case_id)
    access.require(actor, MANAGE, case)
    if case.anonymised_at is not None:
        return
    if not case.is_closed:
        raise Conflict(gettext("Erst ein abgeschlossener Vorgang lässt sich anonymisieren."))
    one = versions.type_of(case)
    telling.erase(case)
    _let_history_go(case)
    Entry.objects.filter(case=case).update(public_text="", reason="", actor_id="")
    for model in (Party, Note, Support):
        model.objects.filter(case=case).delete()
    TaskDone.objects.filter(case=case).update(by=None)
    category = one.find_category(case.category)
    case.title, case.text, case.published_text, case.answers = (category or one).title, "", "", {}
    case.address, case.assignee = "", None
    case.asset = ""  # a thing's number is typed freely
    if case.lon is not None and case.lat is not None:
        case.lon, case.lat = round(case.lon, KEPT_DECIMALS), round(case.lat, KEPT_DECIMALS)
    case.anonymised_at = timezone.now()
    journal.write(actor, case, "anonymise_case", "anonymised", changes={"reason": reason[:40]})
    publish(CaseAnonymised(case.pk))


@transaction.atomic
def delete_case(actor: Actor, case_id: int) -> None:
    """Remove a case that is anonymised. Needs `cases.manage`. Raises NotFound, Forbidden, Conflict."""
    case = access.lock_seen(actor, case_id)
    access.require(actor, MANAGE, case)
    if case.anonymised_at is None:
        raise Conflict(gettext("Erst ein anonymisierter Vorgang lässt sich löschen."))
    telling.erase(case, whole=True)
    _let_history_go(case)
    record(actor, "delete_case", case.subject, {"type": case.type_key})
    publish(CaseAnonymised(case.pk, is_deleted=True))
    case.delete()


def keep_retention(actor: Actor) -> tuple[int, int]:
    """Anonymise and delete what is due by the newest version of its type; gives how many of each.

    Each case is a transaction of its own; one that cannot be done is logged and waits for the next day.
    """
    now = timezone.now()
    done = [0, 0]
    for one in versions.newest_types():
        closed = Case.objects.filter(type_key=one.key, closed_at__isnull=False).order_by("closed_at", "pk")
        for number, (days, verb, wanted) in enumerate(
            (
                (one.anonymise_after_days, anonymise_case, closed.filter(anonymised_at=None)),
                (one.delete_after_days, _let_go, closed),
            )
        ):
            if not days:
                continue
            due = wanted.filter(closed_at__lt=now - timedelta(days=days)).values_list("pk", flat=True)
            for pk in list(due[:MOST_A_RUN]):
                try:
                    verb(actor, pk)
                    done[number] += 1
                except StadtError as error:
                    logger.error("case %d is kept longer than its days: %s", pk, error.code)
    record(actor, "keep_retention", "cases", {"anonymised": done[0], "deleted": done[1]})
    return done[0], done[1]


@transaction.atomic
def _let_go(actor: Actor, case_id: int) -> None:
    """Delete a case whose days are over, also one whose type never anonymises before."""
    anonymise_case(actor, case_id)
    delete_case(actor, case_id)


def _let_history_go(case: Case) -> None:
    """Tell the trigger of the history, for this transaction, that this case is erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cases.erasing', %s, true)", [str(case.pk)])
