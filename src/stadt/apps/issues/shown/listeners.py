"""Keeps the projection in step: at once in the process that wrote, and by a durable job should that one have died."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import Error

from stadt.apps.issues.shown import indicators, queries
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.projection import project
from stadt.apps.issues.shown.subscribing import CASE, case_key, tell_new, tell_step
from stadt.civic.cases.events import (
    CaseAnonymised,
    CaseAssigned,
    CaseChanged,
    CaseMerged,
    CaseMoved,
    CaseOpened,
)
from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.versions import type_of
from stadt.civic.files.events import FileChanged
from stadt.civic.messages.services import forget_subject
from stadt.core.manifest import Listener
from stadt.hub.indicators.jobs import compute_soon

logger = logging.getLogger("stadt.issues")


def case_opened(event: CaseOpened) -> None:
    """A new case may be a report, and new reports are told to who follows their area or topic."""
    project(event.case_id)
    reference = _reference_of(event.case_id)
    if reference and (issue := queries.find_public(reference)) is not None:
        tell_new(issue)


def case_moved(event: CaseMoved) -> None:
    """Its face may be another, which is told to who follows it; one that was held back until now is a new one."""
    project(event.case_id)
    reference = _reference_of(event.case_id)
    if reference and (issue := queries.find_public(reference)) is not None:
        if _was_hidden(event):
            tell_new(issue)
        tell_step(issue)


def case_changed(event: CaseChanged) -> None:
    """Its category, place, released text, photos or supports may be others."""
    project(event.case_id)


def case_assigned(event: CaseAssigned) -> None:
    """Another office works on it."""
    project(event.case_id)


def case_merged(event: CaseMerged) -> None:
    """It leads to another one now, and that one may have more supports."""
    project(event.case_id)
    if event.kept_id:
        project(event.kept_id)


def case_anonymised(event: CaseAnonymised) -> None:
    """Nobody outside sees it any more, and nobody follows it, also where nobody saw it any more before."""
    known = Case.objects.filter(pk=event.case_id).values_list("reference", flat=True).first()
    reference = known or _reference_of(event.case_id)
    project(event.case_id)
    if reference:
        forget_subject(CASE, case_key(reference))


def counts_changed(_event: Any) -> None:
    """What is counted of reports is other than it was."""
    compute_soon(*FIGURES)


def photo_changed(event: FileChanged) -> None:
    """A photo was released, taken back, redacted or deleted."""
    kind, _colon, number = event.subject.partition(":")
    if kind == "case" and number.isdigit():
        project(int(number))


def _was_hidden(event: CaseMoved) -> bool:
    entry = Entry.objects.select_related("case").filter(pk=event.entry_id).first()
    before = type_of(entry.case).find_state(entry.from_state) if entry else None
    return before is not None and not before.is_public


def _reference_of(case_id: int) -> str:
    return PublicIssue.objects.filter(pk=case_id).values_list("reference", flat=True).first() or ""


def _at_once(run: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same, without harm to the request that told the fact: what it changed is committed, and the job comes after."""

    def running(event: Any) -> None:
        try:
            run(event)
        except Error:
            logger.exception("what follows from a fact about a report waits for its job")

    return running


FIGURES = tuple(indicator.key for indicator in indicators.ALL)
RUNS: tuple[tuple[Any, Callable[[Any], None]], ...] = (
    (CaseOpened, case_opened),
    (CaseMoved, case_moved),
    (CaseChanged, case_changed),
    (CaseAssigned, case_assigned),
    (CaseMerged, case_merged),
    (CaseAnonymised, case_anonymised),
    (FileChanged, photo_changed),
)
LISTENS = tuple(
    listener
    for event, run in RUNS
    for listener in (Listener(event, _at_once(run)), Listener(event, run, durable=True))
) + tuple(
    Listener(event, _at_once(counts_changed)) for event in (CaseOpened, CaseMoved, CaseChanged, CaseMerged)
)
