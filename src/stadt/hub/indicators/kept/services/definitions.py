"""Writes to what a kept indicator is."""

import re
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.people.tree import get_city
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.indicators.kept.drafts import DefinitionDraft, check_definition, refuse, text_error
from stadt.hub.indicators.kept.finding import find_for
from stadt.hub.indicators.kept.rights import DEFINE
from stadt.hub.indicators.kept.suppression import LARGEST
from stadt.hub.indicators.models import DefinitionVersion, KeptIndicator, SmallCell
from stadt.hub.indicators.periods import FIRST_YEAR, LAST_YEAR

PREFIX = "city."
"""Kept indicators have their own area of keys, so that no app's ever collides with one."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def key_for(code: str) -> str:
    """The usual key of the kept indicator of a printed code: `city.k1_1_01` for `K1.1-01`."""
    return PREFIX + re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")


@transaction.atomic
def define_indicator(
    actor: Actor,
    organisation_id: int,
    key: str,
    draft: DefinitionDraft,
    *,
    valid_from: date,
    code: str = "",
    is_example: bool = False,
) -> KeptIndicator:
    """A new kept indicator with the first version of its definition.

    Args:
        key: `city.` and a name.
        code: the printed code it measures; the strategy knows which there are.
        is_example: its values are examples and shown as simulated.

    Raises:
        SignInNeeded, Forbidden: unless the actor may define in that organisation.
        Invalid: naming the fields, `key` when it has another form or is taken.
    """
    actor.require(DEFINE, organisation_id)
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise NotFound(gettext("Diese Organisation gibt es nicht."))
    errors = check_definition(draft) + _day(valid_from)
    if not key.startswith(PREFIX) or not NAME.fullmatch(key.removeprefix(PREFIX)):
        errors.append(
            FieldError("key", gettext("hat nicht die Form „city.name“ aus Kleinbuchstaben und Ziffern"))
        )
    if error := text_error("code", code, 40, needed=False):
        errors.append(error)
    refuse(errors)
    try:
        with transaction.atomic():
            kept = KeptIndicator.objects.create(
                key=key,
                code=code.strip(),
                organisation_id=organisation_id,
                is_example=is_example,
                created_by=who_is(actor),
            )
    except IntegrityError:
        raise Invalid(
            gettext("Den Schlüssel „%(key)s“ gibt es schon.") % {"key": key},
            fields=(FieldError("key", gettext("ist vergeben")),),
        ) from None
    _add_version(actor, kept, 1, valid_from, draft)
    record(
        actor, "define_indicator", f"indicator:{key}", {"code": kept.code, "organisation": organisation_id}
    )
    return kept


@transaction.atomic
def change_definition(
    actor: Actor, key: str, draft: DefinitionDraft, *, valid_from: date
) -> DefinitionVersion:
    """Another version of the definition from a day on; values of earlier periods stay under theirs.

    Raises:
        Invalid: naming the fields; `reason` when it does not say why, `valid_from` when it is not after the last version's.
        Conflict: figures of that time wait for confirmation under the version so far.
    """
    kept = find_for(actor, key, DEFINE)
    kept = KeptIndicator.objects.select_for_update().get(pk=kept.pk)
    last = kept.versions.order_by("-number").first()
    errors = check_definition(draft) + _day(valid_from)
    if not draft.reason.strip():
        errors.append(FieldError("reason", gettext("fehlt")))
    if last is not None and valid_from <= last.valid_from:
        errors.append(FieldError("valid_from", gettext("liegt nicht nach dem Beginn der letzten Fassung")))
    refuse(errors)
    if kept.entries.filter(decision="entered", period_start__date__gte=valid_from).exists():
        raise Conflict(
            gettext("Für diese Zeit warten noch Werte auf Bestätigung. Bitte erst darüber entscheiden.")
        )
    version = _add_version(actor, kept, last.number + 1 if last else 1, valid_from, draft)
    record(
        actor,
        "change_definition",
        f"indicator:{key}",
        {"version": version.number, "valid_from": valid_from.isoformat(), "is_break": version.is_break},
    )
    return version


@transaction.atomic
def set_smallest_cell(actor: Actor, threshold: int, reason: str) -> SmallCell:
    """From how many people on a figure is published; holds for what is confirmed from now on.

    Raises:
        Forbidden: unless the actor may define for the whole city.
        Invalid: naming `threshold` (1 to 100) or `reason`.
    """
    actor.require(DEFINE, get_city().pk)
    errors = [error for error in (text_error("reason", reason, 1000, needed=True),) if error]
    if not 1 <= threshold <= LARGEST:
        errors.append(
            FieldError("threshold", gettext("liegt nicht zwischen 1 und %(most)s") % {"most": LARGEST})
        )
    refuse(errors)
    row = SmallCell.objects.create(threshold=threshold, reason=reason.strip(), set_by=who_is(actor))
    record(actor, "set_smallest_cell", "indicators", {"threshold": threshold})
    return row


def _day(valid_from: date) -> list[FieldError]:
    fits = FIRST_YEAR <= valid_from.year <= LAST_YEAR
    return [] if fits else [FieldError("valid_from", gettext("liegt außerhalb der möglichen Jahre"))]


def _add_version(
    actor: Actor, kept: KeptIndicator, number: int, valid_from: date, draft: DefinitionDraft
) -> DefinitionVersion:
    said: dict[str, Any] = {
        "series": [{"key": one.key, "title": one.title.strip(), "unit": one.unit} for one in draft.series],
        "dimensions": dict(draft.dimensions),
        "mean_of": draft.mean_of or "",
    }
    plain = (
        "unit",
        "period",
        "digits",
        "interval",
        "per",
        "protects_people",
        "additive",
        "valid_low",
        "valid_high",
    )
    texts = ("title", "description", "formula", "source", "numerator", "denominator", "method", "reason")
    said |= {name: getattr(draft, name) for name in plain}
    said |= {name: getattr(draft, name).strip() for name in texts}
    return DefinitionVersion.objects.create(
        kept=kept,
        number=number,
        valid_from=valid_from,
        is_break=draft.is_break and number > 1,
        defined_by=who_is(actor),
        **said,
    )
