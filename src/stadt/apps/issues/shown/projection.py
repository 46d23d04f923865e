"""Keeps the projection true to the cases: one case after a fact was told, all of them by a job, and a look for drift."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext

from stadt.apps.issues.shown.mapping import CaseFacts, Photo, Step, public_row, street_of
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.photos import photos_of
from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.clock import calendar_of_city
from stadt.civic.cases.journal import pauses_of
from stadt.civic.cases.models import Case, Entry, Support, SupportKind
from stadt.civic.cases.versions import types_of
from stadt.core.city import current
from stadt.hub.places.models import Spot, SpotKind
from stadt.hub.places.spot_words import fold_words

logger = logging.getLogger("stadt.issues")

DOOR = "melden"
AT_ONCE = 500
DRIFT_SAMPLE = 1_000
OFFICE = frozenset({"handler", "decider", "system"})
"""Whose words in a move are written for everybody. What residents and contractors write in one is for the office, and so
is a question back: it is between the office and the reporter."""
COLUMNS = tuple(
    field.name for field in PublicIssue._meta.concrete_fields if field.name not in {"case_id", "words"}
)


@transaction.atomic
def project(case_id: int) -> bool:
    """Make the public row of one case again, or take it away. True when something changed.

    Safe to call twice and at once: the case is locked first, so that the last one to run saw the newest state.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    wanted = dict(_rows_of([case])) if case else {}
    return bool(_store([case_id], wanted))


def rebuild_projection() -> int:
    """Make every public row again and remove those without a case. Gives how many were wrong.

    Portion by portion, each in its own transaction: a reader sees a row as it was or as it is, never half a table.
    """
    wrong = 0
    for ids in _ids():
        wrong += _project_many(ids)
    with transaction.atomic():
        left = PublicIssue.objects.exclude(
            case_id__in=Case.objects.filter(type_key__in=_types()).values("pk")
        )
        wrong += left.delete()[0]
    if wrong:
        logger.info("%d public rows of reports are made again", wrong)
    return wrong


def rebuild_job() -> None:
    """The same by night."""
    rebuild_projection()


def find_drift(most: int = DRIFT_SAMPLE) -> list[str]:
    """References of published or publishable reports whose row is not what the case says now, of the newest ones."""
    cases = list(
        Case.objects.filter(type_key__in=_types())
        .select_related("organisation")
        .order_by("-changed_at", "-pk")[:most]
    )
    wanted = dict(_rows_of(cases))
    kept = _kept([case.pk for case in cases])
    wrong = [case.reference for case in cases if _differs(wanted.get(case.pk), kept.get(case.pk))]
    orphans = PublicIssue.objects.exclude(case_id__in=Case.objects.values("pk")).values_list(
        "reference", flat=True
    )
    return wrong + list(orphans[:most])


def check_drift() -> str | None:
    """The doctor's question."""
    wrong = find_drift()
    if not wrong:
        return None
    return gettext(
        "%(count)s veröffentlichte Meldungen stimmen nicht mit ihrem Vorgang überein (zum Beispiel %(reference)s): "
        "Der nächtliche Auftrag issues.rebuild_projection baut sie neu auf."
    ) % {"count": len(wrong), "reference": wrong[0]}


def _types() -> list[str]:
    return [one.key for one in reading.types().values() if one.door == DOOR]


def _ids() -> Iterator[list[int]]:
    """The reports' cases in portions, by their number."""
    last = 0
    while ids := list(
        Case.objects.filter(type_key__in=_types(), pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield ids
        last = ids[-1]


@transaction.atomic
def _project_many(ids: Sequence[int]) -> int:
    cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    return _store(ids, dict(_rows_of(cases)))


def _store(ids: Iterable[int], wanted: dict[int, dict[str, Any]]) -> int:
    """Write what differs; a row that is right stays untouched, so that its time of change stays true."""
    kept = _kept(ids)
    changed = {key: row for key, row in wanted.items() if _differs(row, kept.get(key))}
    gone = kept.keys() - wanted.keys()
    PublicIssue.objects.filter(pk__in=gone).delete()
    PublicIssue.objects.bulk_create(
        [PublicIssue(case_id=key, **row) for key, row in changed.items()],
        update_conflicts=True,
        unique_fields=["case_id"],
        update_fields=list(COLUMNS),
    )
    return len(changed) + len(gone)


def _kept(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = PublicIssue.objects.filter(pk__in=list(ids)).values("case_id", *COLUMNS)
    return {row.pop("case_id"): row for row in rows}


def _differs(wanted: dict[str, Any] | None, kept: dict[str, Any] | None) -> bool:
    return wanted != kept


def _rows_of(cases: Sequence[Case]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The public rows of these cases; some queries for all of them together."""
    types = types_of(cases)
    reports = [
        case
        for case in cases
        if (found := types.get((case.type_key, case.type_version))) is not None and found.door == DOOR
    ]
    ids = [case.pk for case in reports]
    votes = Counter(
        dict(
            Support.objects.filter(case__in=ids, kind=SupportKind.NOT_FIXED)
            .values_list("case")
            .annotate(n=Count("pk"))
        )
    )
    entries: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(case__in=ids).order_by("at", "pk"):
        entries[entry.case_id].append(entry)
    photos, streets = photos_of(reports), _known_streets(reports)
    merged = dict(
        Case.objects.filter(
            pk__in=[case.duplicate_of_id for case in reports if case.duplicate_of_id]
        ).values_list("pk", "reference")
    )
    zone = ZoneInfo(current().timezone)
    for case in reports:
        case_type = types[case.type_key, case.type_version]
        facts = _facts(
            case,
            case_type,
            entries[case.pk],
            photos.get(case.pk, ()),
            street=streets.get(fold_words(street_of(case.address)), ""),
            not_fixed=votes[case.pk],
            merged_into=merged.get(case.duplicate_of_id or 0, ""),
        )
        row = public_row(facts, case_type, zone)
        if row is not None:
            yield case.pk, row


def _facts(
    case: Case,
    case_type: CaseType,
    entries: Sequence[Entry],
    photos: Sequence[Photo],
    *,
    street: str,
    not_fixed: int,
    merged_into: str,
) -> CaseFacts:
    steps = list(_steps(case_type, entries))
    return CaseFacts(
        case_id=case.pk,
        reference=case.reference,
        type_key=case.type_key,
        category=case.category,
        state=case.state,
        face=case.face,
        received_at=case.received_at,
        changed_at=steps[-1].at if steps else case.received_at,
        lon=case.lon,
        lat=case.lat,
        street=street,
        district_id=case.district_id,
        quarter_id=case.quarter_id,
        agency=case.organisation.name if case.organisation else "",
        planned_for=case.planned_for,
        closed_at=case.closed_at,
        due_at=case.due_at,
        working_days=_working_days(case, entries),
        reason=next((entry.reason for entry in reversed(entries) if entry.to_state), ""),
        published_text=case.published_text,
        photos=photos,
        steps=steps,
        weight=case.weight,
        not_fixed=not_fixed,
        reopened=case.reopened,
        merged_into=merged_into,
        is_example=case.is_example,
        is_anonymised=case.anonymised_at is not None,
    )


def _known_streets(cases: Sequence[Case]) -> dict[str, str]:
    """Folded spelling → the city's own name. What somebody typed that is no street of the city is told to nobody."""
    folded = {fold_words(street_of(case.address)) for case in cases if case.address} - {""}
    return dict(Spot.objects.filter(kind=SpotKind.STREET, folded__in=folded).values_list("folded", "name"))


def _working_days(case: Case, entries: Sequence[Entry]) -> int | None:
    """Working days from receipt to closing, without those on which the city waited for an answer."""
    if case.closed_at is None:
        return None
    calendar = calendar_of_city()
    days = calendar.working_days(case.received_at, case.closed_at)
    for pause in pauses_of(
        [(entry.at, entry.to_state, entry.data) for entry in entries], None, case.closed_at
    ):
        days -= calendar.working_days(pause.start, pause.end or case.closed_at)
    return max(days, 0)


def _steps(case_type: CaseType, entries: Sequence[Entry]) -> Iterator[Step]:
    """The changes of the public face, and what the office said to everybody."""
    face = ""
    for entry in entries:
        state = case_type.find_state(entry.to_state)
        if state is None or not state.is_public:
            continue
        move = case_type.find_move(entry.move)
        is_for_all = move is not None and move.who in OFFICE and not state.pauses
        text = entry.public_text if is_for_all else ""
        if state.face != face or text:
            yield Step(entry.at, str(state.face), text)
        face = str(state.face)
