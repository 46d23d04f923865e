"""Cases that belong together: duplicates merged and parted, parent and child."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext

from stadt.civic.cases import access, journal, versions
from stadt.civic.cases.events import CaseChanged, CaseMerged
from stadt.civic.cases.models import Case
from stadt.civic.cases.people import wrong
from stadt.civic.cases.rights import HANDLE, MANAGE
from stadt.civic.cases.services import telling
from stadt.civic.cases.services.moving import follow
from stadt.core.errors import Conflict, NotFound
from stadt.core.events import publish
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor

MOST_MERGED = 100
DEEPEST = 20


@transaction.atomic
def merge_cases(actor: Actor, keep_id: int, other_ids: Sequence[int]) -> Case:
    """Make the others duplicates of one: their reporters are told, their weight adds up, they go with it from now on.

    Raises:
        NotFound, Forbidden: without `cases.manage` in every organisation concerned.
        Invalid: naming `others`: none, too many, the same case, or one of another type.
        Conflict: one is a duplicate already, or anonymised.
    """
    ids = sorted({*other_ids})
    if not ids or keep_id in ids or len(ids) > MOST_MERGED:
        raise wrong("others", gettext("sind keine anderen Vorgänge"))
    cases = _lock(actor, [keep_id, *ids])
    kept = cases[keep_id]
    one = versions.type_of(kept)
    for pk in ids:
        other = cases[pk]
        if other.type_key != kept.type_key:
            raise wrong("others", gettext("sind von anderer Art"))
        if other.duplicate_of_id is not None or kept.duplicate_of_id is not None:
            raise Conflict(gettext("Einer der Vorgänge ist schon mit einem anderen zusammengeführt."))
        kept.weight += other.weight + 1
        brought = _bring_duplicates(other, kept)
        other.duplicate_of = kept
        journal.write(
            actor, other, "merge_cases", "merged", changes={"into": kept.pk, "weight": other.weight}
        )
        text = gettext("Ihr Vorgang %(own)s geht mit dem Vorgang %(kept)s weiter: Beide melden dasselbe.")
        telling.write(actor, other, one, text % {"own": other.reference, "kept": kept.reference})
        for each in (other, *brought):
            follow(actor, each, kept, one, "")
        publish(CaseMerged(other.pk, kept.pk))
    journal.write(actor, kept, "merge_cases", "absorbed", changes={"others": ids})
    publish(CaseChanged(kept.pk, "merge"))
    return kept


@transaction.atomic
def unmerge(actor: Actor, case_id: int) -> Case:
    """Make a duplicate a case of its own again; it stays in the state it has. Raises Forbidden; Conflict when it is none."""
    kept_id = Case.objects.filter(pk=case_id).values_list("duplicate_of", flat=True).first()
    if kept_id is None:
        access.lock_for(actor, MANAGE, case_id)
        raise Conflict(gettext("Dieser Vorgang ist mit keinem anderen zusammengeführt."))
    cases = _lock(actor, [case_id, kept_id])
    case, kept = cases[case_id], cases[kept_id]
    if case.duplicate_of_id != kept.pk:
        raise Conflict(gettext("Dieser Vorgang ist mit keinem anderen zusammengeführt."))
    case.duplicate_of = None
    kept.weight = max(kept.weight - case.weight - 1, 0)
    journal.write(actor, case, "unmerge", "parted", changes={"from": kept.pk})
    journal.write(actor, kept, "unmerge", "released_other", changes={"other": case.pk})
    publish(CaseMerged(case.pk, 0))
    publish(CaseChanged(kept.pk, "merge"))
    return case


@transaction.atomic
def add_child(actor: Actor, parent_id: int, child_id: int) -> Case:
    """Put a case below another. Raises NotFound, Forbidden without `cases.handle` for both; Conflict for a circle."""
    cases = _lock(actor, [parent_id, child_id], HANDLE)
    parent, child = cases[parent_id], cases[child_id]
    above: Case | None = parent
    for _ in range(DEEPEST):
        if above is None:
            break
        if above.pk == child.pk:
            raise Conflict(gettext("Ein Vorgang kann nicht unter sich selbst stehen."))
        above = above.parent
    else:
        raise Conflict(gettext("So tief lassen sich Vorgänge nicht unterordnen."))
    child.parent = parent
    journal.write(actor, child, "add_child", "put_below", changes={"parent": parent.pk})
    publish(CaseChanged(child.pk, "parent"))
    return child


@transaction.atomic
def remove_child(actor: Actor, child_id: int) -> Case:
    """Take a case out from below another. Raises NotFound, Forbidden; Conflict when it has no parent."""
    child = access.lock_for(actor, HANDLE, child_id)
    if child.parent_id is None:
        raise Conflict(gettext("Dieser Vorgang steht unter keinem anderen."))
    before, child.parent = child.parent_id, None
    journal.write(actor, child, "remove_child", "taken_out", changes={"parent": before})
    publish(CaseChanged(child.pk, "parent"))
    return child


def _bring_duplicates(other: Case, kept: Case) -> list[Case]:
    """What was merged with the other case goes along, and its weight no longer counts there; all of them are locked."""
    brought = list(Case.objects.filter(duplicate_of=other).order_by("pk"))
    other.weight = max(other.weight - sum(one.weight + 1 for one in brought), 0)
    Case.objects.filter(duplicate_of=other).update(duplicate_of=kept)
    for one in brought:
        one.duplicate_of = kept
    return brought


def _lock(actor: Actor, ids: Iterable[int], permission: Permission = MANAGE) -> dict[int, Case]:
    """The live cases, locked as `access.lock_cases` says, that the actor has the right on. Raises NotFound, Forbidden, Conflict."""
    wanted = sorted({*ids})
    locked = access.lock_cases(wanted)
    found = {pk: locked[pk] for pk in wanted if pk in locked}
    if len(found) != len(wanted):
        access.require_seen(actor, None)
        raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    for case in found.values():
        access.require(actor, permission, case)
        access.require_live(case)
    return found
