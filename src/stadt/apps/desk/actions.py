"""What the office does with a case besides moving it, as data: a form, a right and the verb that is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from stadt.apps.desk import forms, photos
from stadt.civic.cases import rights, services
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import find_case
from stadt.core.errors import FieldError, Invalid
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor

Said = Mapping[str, Any]
SAVE = _("Speichern")
QUESTION, MESSAGE = "frage", "nachricht"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `fits` says for which cases it is offered; `told` is said when it is done.

    `is_read_outside`: its text is read by the reporter, so that it is shown before it is sent and templates are offered.
    """

    key: str
    title: Any
    told: Any
    permission: Permission
    form: type[forms.CaseForm]
    perform: Callable[[Actor, Case, Said], object]
    label: Any = SAVE
    lead: Any = ""
    fits: Callable[[Case], bool] = lambda case: True
    is_read_outside: bool = False


def _is_open(case: Case) -> bool:
    return case.closed_at is None


def _number(value: str) -> int | None:
    return int(value) if value else None


def _assign(actor: Actor, case: Case, said: Said) -> object:
    return services.assign_case(
        actor,
        case.pk,
        organisation_id=int(said["organisation"]),
        assignee_id=_number(said["assignee"]),
        revision=said["revision"],
    )


def _hand_over(actor: Actor, case: Case, said: Said) -> object:
    to = _number(said["organisation"])
    return services.hand_to_contractor(actor, case.pk, to, text=said["text"], revision=said["revision"])


def _category(actor: Actor, case: Case, said: Said) -> object:
    return services.change_category(
        actor, case.pk, said["category"], reroute=said["reroute"], revision=said["revision"]
    )


def _place(actor: Actor, case: Case, said: Said) -> object:
    spot = services.Spot(said["lon"], said["lat"], said["address"], said["asset"])
    return services.change_place(actor, case.pk, spot, revision=said["revision"])


def _child(actor: Actor, case: Case, said: Said) -> object:
    return services.add_child(actor, other_case(actor, said["reference"]).pk, case.pk)


def party_of(said: Said, *, role: str) -> services.PartyData:
    """What a form says of somebody."""
    return services.PartyData(role, said["name"], said["email"], said["phone"], wants_mail=said["wants_mail"])


def other_case(actor: Actor, reference: str) -> Case:
    """Another case that the actor may see. Raises Invalid naming `reference`."""
    found = find_case(actor, reference.strip().upper())
    if found is None:
        text = str(_("Diesen Vorgang gibt es nicht, oder Sie dürfen ihn nicht sehen."))
        raise Invalid(text, fields=(FieldError("reference", text),))
    return found


ACTIONS = (
    Action(
        "zuweisen", _("Team und Person ändern"), _("Der Vorgang ist zugewiesen."), rights.HANDLE, forms.AssignForm, _assign,
        label=_("Zuweisen"),
    ),
    Action(
        "auftrag", _("An Auftragnehmer geben"), _("Der Auftrag ist geändert."), rights.HANDLE, forms.HandOverForm, _hand_over,
        label=_("Auftrag geben"), fits=_is_open,
    ),
    Action(
        "kategorie", _("Kategorie ändern"), _("Die Kategorie ist geändert."), rights.HANDLE, forms.CategoryForm, _category,
    ),
    Action(
        "ort", _("Ort berichtigen"), _("Der Ort ist geändert."), rights.HANDLE, forms.PlaceForm, _place,
    ),
    Action(
        "dringlichkeit", _("Dringlichkeit ändern"), _("Die Dringlichkeit ist geändert."), rights.HANDLE, forms.PriorityForm,
        lambda actor, case, said: services.set_priority(actor, case.pk, said["priority"], revision=said["revision"]),
    ),
    Action(
        "notiz", _("Interne Notiz schreiben"), _("Die Notiz ist gespeichert."), rights.HANDLE, forms.NoteForm,
        lambda actor, case, said: services.note_case(actor, case.pk, said["text"], for_contractor=said["for_contractor"]),
    ),
    Action(
        QUESTION, _("Rückfrage stellen"), _("Die Frage ist gesendet. Die Frist steht still, bis eine Antwort kommt."),
        rights.HANDLE, forms.AskForm,
        lambda actor, case, said: services.ask_citizen(actor, case.pk, said["text"], revision=said["revision"]),
        label=_("Frage senden"), fits=_is_open, is_read_outside=True,
    ),
    Action(
        MESSAGE, _("Nachricht schreiben"), _("Die Nachricht ist gesendet."), rights.HANDLE, forms.WriteForm,
        lambda actor, case, said: services.write_citizen(
            actor, case.pk, said["text"], plain=said["plain"], files=photos.take_papers(actor, said["papers"])
        ),
        label=_("Nachricht senden"), is_read_outside=True,
    ),
    Action(
        "beteiligte", _("Person dazunehmen"), _("Die Person gehört jetzt zu dem Vorgang."), rights.HANDLE, forms.NewPartyForm,
        lambda actor, case, said: services.add_party(actor, case.pk, party_of(said, role=said["role"])),
        label=_("Dazunehmen"), fits=lambda case: case.anonymised_at is None,
    ),
    Action(
        "veroeffentlichen", _("Beschreibung veröffentlichen"), _("Gespeichert, was alle lesen."), rights.REDACT,
        forms.ReleaseForm,
        lambda actor, case, said: services.release_text(actor, case.pk, said["text"], revision=said["revision"]),
    ),
    Action(
        "teil", _("Einem anderen Vorgang unterordnen"), _("Der Vorgang ist jetzt ein Teil des anderen."), rights.HANDLE,
        forms.ReferenceForm, _child, label=_("Unterordnen"), fits=lambda case: case.parent_id is None,
        lead=_("Der andere Vorgang steht darüber, zum Beispiel der Auftrag für eine ganze Straße."),
    ),
    Action(
        "herausloesen", _("Aus dem übergeordneten Vorgang lösen"), _("Der Vorgang steht wieder für sich."), rights.HANDLE,
        forms.ConfirmForm, lambda actor, case, said: services.remove_child(actor, case.pk), label=_("Herauslösen"),
        fits=lambda case: case.parent_id is not None,
    ),
    Action(
        "trennen", _("Zusammenführung aufheben"), _("Der Vorgang ist wieder ein eigener."), rights.MANAGE, forms.ConfirmForm,
        lambda actor, case, said: services.unmerge(actor, case.pk), label=_("Trennen"),
        fits=lambda case: case.duplicate_of_id is not None,
    ),
    Action(
        "anonymisieren", _("Sofort anonymisieren"), _("Alles Persönliche ist gelöscht."), rights.MANAGE, forms.ConfirmForm,
        lambda actor, case, said: services.anonymise_case(actor, case.pk, reason="office"), label=_("Endgültig anonymisieren"),
        fits=lambda case: case.closed_at is not None and case.anonymised_at is None,
        lead=_("Namen, Texte, Angaben, Nachrichten, Notizen und Fotos werden gelöscht. Das lässt sich nicht rückgängig machen."),
    ),
)  # fmt: skip
BY_KEY = {action.key: action for action in ACTIONS}
