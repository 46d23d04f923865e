"""Kept versions of case types: what a case was opened with stays readable, whatever the city's folder says later."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import journal, reading
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.events import CaseChanged
from stadt.civic.cases.models import Case, CaseTypeVersion
from stadt.civic.cases.rights import MANAGE
from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.people.reach import require_in_city

CANONICAL = msgspec.json.Encoder(order="sorted")


def digest_of_type(one: CaseType) -> str:
    """SHA-256 over the type's canonical JSON, without its number."""
    return hashlib.sha256(CANONICAL.encode(one.kept_as(0))).hexdigest()


@transaction.atomic
def import_types(actor: Actor) -> list[CaseType]:
    """Keep every type of the city's folder whose content is new, each under the next number. Gives the new ones."""
    return [kept for one in reading.types().values() if (kept := _keep(actor, one))]


@transaction.atomic
def renew_cases(actor: Actor, type_key: str) -> tuple[int, int]:
    """Bring the open cases of a type to its newest version where their state exists there; gives how many went and stayed.

    The deadline is counted anew by the new version and never becomes later than it was. Needs `cases.manage` in the city.
    """
    require_in_city(actor, MANAGE)
    newest, now = get_type(type_key), timezone.now()
    known = {state.key: state for state in newest.states}
    went = stayed = 0
    old = Case.objects.select_for_update(of=("self",)).filter(type_key=type_key, closed_at=None)
    for case in old.exclude(type_version=newest.version).order_by("pk"):
        state = known.get(case.state)
        if state is None or state.is_final or (case.category and newest.find_category(case.category) is None):
            stayed += 1
            continue
        before, due = case.type_version, case.due_at
        case.type_version, case.face = newest.version, str(state.face)
        journal.set_clock(case, newest, journal.steps_of(case), now)
        if due is not None and case.due_at is not None:
            case.due_at = min(due, case.due_at)
        journal.write(actor, case, "renew_cases", "renewed", changes={"from": before, "to": newest.version})
        publish(CaseChanged(case.pk, "type"))
        went += 1
    return went, stayed


def count_older() -> dict[str, int]:
    """How many open cases of each type have an older version than the newest, by type; none are left out. Two queries."""
    newest = {one.key: one.version for one in newest_types()}
    rows = (
        Case.objects.filter(closed_at=None)
        .order_by()
        .values_list("type_key", "type_version")
        .annotate(number=Count("pk"))
    )
    found: Counter[str] = Counter()
    for key, version, number in rows:
        found[key] += number if version != newest.get(key) else 0
    return {key: number for key, number in found.items() if number}


def _keep(actor: Actor, one: CaseType) -> CaseType | None:
    newest = CaseTypeVersion.objects.select_for_update().filter(key=one.key).order_by("-version").first()
    digest = digest_of_type(one)
    if newest is not None and newest.sha256 == digest:
        return None
    kept = one.kept_as(newest.version + 1 if newest else 1)
    CaseTypeVersion.objects.create(
        key=one.key, version=kept.version, definition=msgspec.to_builtins(kept), sha256=digest
    )
    record(actor, "import_case_types", f"case_type:{one.key}", {"version": kept.version})
    return kept


def get_type(key: str, version: int | None = None) -> CaseType:
    """A kept type; without a version the newest. One query. Raises NotFound."""
    rows = CaseTypeVersion.objects.filter(key=key)
    rows = rows.order_by("-version") if version is None else rows.filter(version=version)
    row = rows.values_list("pk", "sha256").first()
    if row is None:
        raise NotFound(gettext("Diese Art von Vorgang gibt es nicht."))
    return _decoded(*row)


def type_of(case: Case) -> CaseType:
    """The type a case was opened with, or was brought to since. One query. Raises NotFound."""
    return get_type(case.type_key, case.type_version)


def types_of(cases: Iterable[Case]) -> dict[tuple[str, int], CaseType]:
    """The types of many cases by key and version, in one query."""
    wanted = {(case.type_key, case.type_version) for case in cases}
    rows = CaseTypeVersion.objects.filter(key__in={key for key, _ in wanted}).values_list(
        "pk", "sha256", "key", "version"
    )
    return {(key, version): _decoded(pk, sha) for pk, sha, key, version in rows if (key, version) in wanted}


def list_types() -> list[CaseType]:
    """The newest version of every type that the city's folder has, in its order. One query."""
    kept = {one.key: one for one in newest_types()}
    return [kept[key] for key in reading.types() if key in kept]


def newest_types() -> list[CaseType]:
    """The newest version of every type there ever was, also of those the folder has no more. One query."""
    rows = CaseTypeVersion.objects.order_by("key", "-version").distinct("key")
    return [_decoded(*row) for row in rows.values_list("pk", "sha256")]


@lru_cache(maxsize=256)
def _decoded(pk: int, sha256: str) -> CaseType:
    """Rows never change, so that a row and its hash are one type for good."""
    definition: Any = CaseTypeVersion.objects.values_list("definition", flat=True).get(pk=pk, sha256=sha256)
    return msgspec.convert(definition, CaseType)
