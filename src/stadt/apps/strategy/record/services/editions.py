"""Named editions: draft, adopt with the council's reference, and what the reference still lacked."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.events import EditionAdopted
from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.changes import refuse, unreadable
from stadt.apps.strategy.record.models import Edition
from stadt.apps.strategy.record.services.foundation import ensure_imported
from stadt.apps.strategy.record.states import EditionState
from stadt.apps.strategy.rights import ADOPT, PUBLISH
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.people.reach import require_in_city
from stadt.hub.datasets.kept.who import eyes_of, who_is


@dataclass(frozen=True, slots=True)
class CouncilReference:
    """Where the council decided: the paper's number, the day of the decision, the paper's address (may be empty)."""

    paper: str
    date: date
    link: str = ""


TAKEN = frozenset({"neu", "vergleich", "stand", "verlauf", "heute"})
"""Names that would read as something else in an address."""


def is_day(text: str) -> bool:
    """Whether a text is a day such as 2026-11-29."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def wrong_with_name(name: str, note: str) -> list[FieldError]:
    """What keeps an edition from being called so: no text, too long, or nothing that can stand in an address."""
    errors = [*unreadable(name, "name"), *unreadable(note, "note")]
    if not name or len(name) > 40 or "/" in name or name.startswith("."):
        errors.append(FieldError("name", gettext("braucht 1 bis 40 Zeichen ohne Schrägstrich")))
    if len(note) > 300:
        errors.append(FieldError("note", gettext("hat mehr als %(most)s Zeichen") % {"most": 300}))
    if name.casefold() in TAKEN or is_day(name):
        errors.append(FieldError("name", gettext("ist kein Name einer Fassung")))
    return errors


@transaction.atomic
def draft_edition(actor: Actor, name: str, valid_on: date | None = None, note: str = "") -> Edition:
    """Prepare a named edition of the strategy as it is true on a day (today); it follows the changes until it is adopted.

    Raises:
        Forbidden: without `strategy.publish` in the city.
        Invalid: the name is missing, too long or no text.
        Conflict: there is an edition of that name.
    """
    require_in_city(actor, PUBLISH)
    name = name.strip()
    refuse(wrong_with_name(name, note))
    ensure_imported()
    store.lock()
    if Edition.objects.filter(name=name).exists():
        raise Conflict(gettext("Eine Fassung „%(name)s“ gibt es schon.") % {"name": name})
    edition = Edition.objects.create(
        name=name, valid_on=valid_on or timezone.localdate(), note=note.strip(), drafted_by=who_is(actor)
    )
    record(actor, "draft_edition", f"edition:{name}", {"valid_on": edition.valid_on.isoformat()})
    return edition


@transaction.atomic
def adopt_edition(actor: Actor, name: str, reference: CouncilReference) -> Edition:
    """Record that the council adopted a drafted edition: its content is fixed, the one before is superseded.

    Raises:
        Forbidden: without `strategy.adopt` in the city, or by the one who drafted it.
        NotFound: there is no such edition.
        Conflict: it is not a draft.
        Invalid: the reference is incomplete.
    """
    require_in_city(actor, ADOPT)
    _require_reference(reference)
    moment = store.lock()
    edition = _locked(name)
    if edition.state != EditionState.DRAFT:
        raise Conflict(gettext("Diese Fassung ist schon beschlossen."))
    if edition.drafted_by in eyes_of(actor):
        raise Forbidden(gettext("Wer eine Fassung entworfen hat, beschließt sie nicht."))
    Edition.objects.filter(state=EditionState.ADOPTED).update(
        state=EditionState.SUPERSEDED, superseded_at=moment
    )
    edition.state, edition.known_at = EditionState.ADOPTED, moment
    edition.adopted_by, edition.adopted_at = who_is(actor), moment
    _refer(edition, reference)
    edition.save()
    record(actor, "adopt_edition", f"edition:{name}")
    publish(EditionAdopted(name))
    return edition


@transaction.atomic
def complete_reference(actor: Actor, name: str, reference: CouncilReference) -> Edition:
    """Give an adopted edition the council's reference that it lacks; one that stands there is never replaced.

    Raises as `adopt_edition`, without asking for a second person.
    """
    require_in_city(actor, ADOPT)
    _require_reference(reference)
    edition = _locked(name)
    if edition.state == EditionState.DRAFT or edition.council_paper:
        raise Conflict(gettext("Diese Fassung nimmt keinen Ratsbezug auf."))
    _refer(edition, reference)
    edition.save()
    record(actor, "complete_reference", f"edition:{name}")
    return edition


def _locked(name: str) -> Edition:
    found = Edition.objects.select_for_update().filter(name=name).first() if "\x00" not in name else None
    if found is None:
        raise NotFound(gettext("Diese Fassung der Strategie gibt es nicht."))
    return found


def _refer(edition: Edition, reference: CouncilReference) -> None:
    edition.council_paper, edition.council_date = reference.paper.strip(), reference.date
    edition.council_link = reference.link.strip()


def wrong_with_reference(paper: str, link: str) -> list[FieldError]:
    """What keeps a text from being a paper's number, and another from being its address; the address may be empty."""
    errors = [*unreadable(paper, "paper"), *unreadable(link, "link")]
    if not paper.strip() or len(paper) > 100:
        errors.append(FieldError("paper", gettext("braucht 1 bis 100 Zeichen")))
    if link and not errors:
        try:
            URLValidator(schemes=("http", "https"))(link.strip())
        except ValidationError:
            errors.append(
                FieldError("link", gettext("ist keine Adresse, die mit http:// oder https:// beginnt"))
            )
    return errors


def _require_reference(reference: CouncilReference) -> None:
    refuse(wrong_with_reference(reference.paper, reference.link))
