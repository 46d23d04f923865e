"""Personal data: who proposed, decided, checked and answered. The facts stay, the person goes with the account."""

from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_noop as _

from stadt.apps.steering.models import (
    Answer,
    EarlyWarning,
    Evaluation,
    EvaluationRule,
    InfluenceCheck,
    Notice,
    Target,
)
from stadt.core.people.models import User

PERSONAL = {
    "Target": ("proposed_by", "proposed_for", "decided_by"),
    "EvaluationRule": ("set_by",),
    "InfluenceCheck": ("checked_by",),
    "Evaluation": ("proposed_by", "proposed_for", "decided_by"),
    "Answer": ("answered_by",),
    "Notice": ("user",),
}

WORDS = {
    "targets": _("Soll-Werte"),
    "evaluation_rules": _("Bewertungsregeln"),
    "influence_checks": _("Einflussprüfungen"),
    "evaluations": _("Bewertungen"),
    "answers": _("Antworten auf Warnungen"),
    "waiting_mails": _("Warnungen für die nächste Mail"),
    "about": _("worum es geht"),
    "as": _("beteiligt als"),
    "reason": _("Begründung"),
    "text": _("Text"),
    "at": _("Zeitpunkt"),
}


def export(user: User) -> dict[str, Any]:
    """What somebody did in steering; times are ISO 8601."""
    return {
        "targets": [
            {
                "about": one.code,
                "as": _part(one, user),
                "reason": one.reason,
                "at": one.proposed_at.isoformat(),
            }
            for one in Target.objects.filter(_took_part(user)).order_by("pk")
        ],
        "evaluation_rules": [
            {"about": one.measure, "reason": one.reason, "at": one.set_at.isoformat()}
            for one in EvaluationRule.objects.filter(set_by=user).order_by("pk")
        ],
        "influence_checks": [
            {"about": one.measure, "text": one.summary, "at": one.checked_at.isoformat()}
            for one in InfluenceCheck.objects.filter(checked_by=user).order_by("pk")
        ],
        "evaluations": [
            {
                "about": one.measure,
                "as": _part(one, user),
                "reason": one.reason,
                "at": one.proposed_at.isoformat(),
            }
            for one in Evaluation.objects.filter(_took_part(user)).order_by("pk")
        ],
        "answers": [
            {"about": _about(one.warning), "text": one.text, "at": one.answered_at.isoformat()}
            for one in Answer.objects.filter(answered_by=user).select_related("warning").order_by("pk")
        ],
        "waiting_mails": [
            {"about": _about(one.warning), "at": one.noted_at.isoformat()}
            for one in Notice.objects.filter(user=user).select_related("warning").order_by("pk")
        ],
    }


def erase(user: User) -> None:
    """Take the person out of what was decided; the decisions of the city stay without her."""
    Notice.objects.filter(user=user).delete()
    taking_out: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
        (Target, ("proposed_by", "decided_by")),
        (Evaluation, ("proposed_by", "decided_by")),
        (EvaluationRule, ("set_by",)),
        (InfluenceCheck, ("checked_by",)),
        (Answer, ("answered_by",)),
    )
    for model, names in taking_out:
        for name in names:
            model._default_manager.filter(**{name: user}).update(**{name: None})
    for with_deputies in (Target, Evaluation):
        for row in with_deputies.objects.filter(proposed_for__contains=[user.pk]):
            others = [pk for pk in row.proposed_for if pk != user.pk]
            with_deputies.objects.filter(pk=row.pk).update(proposed_for=others)


def _took_part(user: User) -> Q:
    return Q(proposed_by=user) | Q(decided_by=user) | Q(proposed_for__contains=[user.pk])


def _part(one: Target | Evaluation, user: User) -> str:
    return "decided" if one.decided_by_id == user.pk else "proposed"


def _about(warning: EarlyWarning) -> str:
    return warning.measure or warning.code
