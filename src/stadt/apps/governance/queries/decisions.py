"""Decisions and drafts: what was decided about a code, and what waits for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext

from stadt.apps.governance.kinds import DecisionKind, DraftState
from stadt.apps.governance.models import Decision, Draft
from stadt.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """What everybody may know of a decision. `corrected_by` is the number of the one that replaced it."""

    number: int
    body: str
    kind: DecisionKind
    decided_on: date
    title: str
    subjects: tuple[str, ...]
    public_text: str
    paper_number: str
    paper_url: str
    sha256: str
    corrects: int | None
    corrected_by: int | None
    is_example: bool


def all_decisions() -> QuerySet[Decision]:
    """Decisions with their body and what corrects them, newest first."""
    return Decision.objects.select_related("body", "corrected_by").order_by("-decided_on", "-pk")


def fact_of(row: Decision) -> DecisionFact:
    """The public part of a decision."""
    later = getattr(row, "corrected_by", None)
    return DecisionFact(
        number=row.pk,
        body=row.body.name,
        kind=DecisionKind(row.kind),
        decided_on=row.decided_on,
        title=row.title,
        subjects=tuple(row.subjects),
        public_text=row.public_text,
        paper_number=row.paper_number,
        paper_url=row.paper_url,
        sha256=row.view_sha256,
        corrects=row.corrects_id,
        corrected_by=later.pk if later else None,
        is_example=row.is_example,
    )


def find_decision(number: int) -> DecisionFact | None:
    """The decision of this number."""
    row = all_decisions().filter(pk=number).first()
    return fact_of(row) if row else None


def get_decision(number: int) -> Decision:
    """The decision with all that is kept. Raises NotFound."""
    row = all_decisions().select_related("signature").filter(pk=number).first()
    if row is None:
        raise NotFound(gettext("Diesen Beschluss gibt es nicht."))
    return row


def list_decisions(code: str = "") -> list[DecisionFact]:
    """Decisions about a code (all for none), newest first, corrected ones too and marked. One query."""
    rows = all_decisions()
    return [fact_of(row) for row in (rows.filter(subjects__contains=[code]) if code else rows)]


def decisions_for(codes: Iterable[str]) -> Mapping[str, list[DecisionFact]]:
    """For each code the decisions that hold: newest first, without those that were corrected. One query."""
    wanted = list(codes)
    found: dict[str, list[DecisionFact]] = {code: [] for code in wanted}
    for row in all_decisions().filter(subjects__overlap=wanted, corrected_by=None):
        for code in set(row.subjects) & found.keys():
            found[code].append(fact_of(row))
    return found


def list_drafts(*states: DraftState) -> list[Draft]:
    """Drafts in one of these states, the latest changed first."""
    return list(Draft.objects.select_related("body").filter(state__in=states).order_by("-changed_at", "-pk"))


def get_draft(pk: int) -> Draft:
    """The draft. Raises NotFound."""
    draft = Draft.objects.select_related("body", "corrects", "decision").filter(pk=pk).first()
    if draft is None:
        raise NotFound(gettext("Diese Vorlage gibt es nicht."))
    return draft
