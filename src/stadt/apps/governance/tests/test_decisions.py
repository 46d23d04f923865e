"""Decisions: prepared by one, decided by another on frozen data, and never changed afterwards."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from stadt.apps.governance import frozen, public, strategy
from stadt.apps.governance.kinds import BodyKind, DraftState
from stadt.apps.governance.models import Body, Decision, Draft
from stadt.apps.governance.queries import decisions as queries
from stadt.apps.governance.rights import DECIDE, PREPARE, SEE
from stadt.apps.governance.services import decisions as services
from stadt.apps.governance.services.decisions import Wording
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SecondFactorNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations, name_deputy

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def board() -> Body:
    ensure_foundations()
    return Body.objects.create(key="vorstand", kind=BodyKind.BOARD, name="Vorstand")


def person(name: str, *keys: str) -> User:
    user = User.objects.create_user(email=f"{name}@example.org", name=name)
    if keys:
        role = Role.objects.create(key=f"role-{name}", title=f"Rolle {name}", permissions=list(keys))
        Membership.objects.create(user=user, role=role, organisation=Organisation.objects.get(key="stadt"))
    return user


@pytest.fixture
def preparer(board: Body) -> User:
    return person("preparer", PREPARE.key, SEE.key)


@pytest.fixture
def decider(board: Body) -> User:
    return person("decider", DECIDE.key, SEE.key)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def code() -> str:
    """A measure that has indicators of the platform's own, as they can show values."""
    measures = strategy.list_measures()
    for measure in measures:
        if any(strategy.own_keys(one) for one in measure.indicator_codes):
            return measure.code
    return measures[0].code


def wording(**changes: Any) -> Wording:
    return Wording(
        **{
            "body": "vorstand",
            "kind": "start",
            "title": "Beginn",
            "subjects": (code(),),
            "reason": "Streng vertraulich",
            "public_text": "Es geht los.",
            "paper_number": "26-30/1",
            "paper_url": "https://rats.example.org/1",
            **changes,
        }
    )


def submitted(user: User, **changes: Any) -> Draft:
    actor = Actor.for_user(user)
    return services.submit_draft(actor, services.prepare_decision(actor, wording(**changes)).pk)


def decided(preparer: User, decider: User, **changes: Any) -> Decision:
    draft = submitted(preparer, **changes)
    return services.decide(Actor.for_user(decider), draft.pk, draft.view_sha256)


# -- four eyes and order -------------------------------------------------------------------------------------------


def test_what_one_prepared_another_decides_and_signs(preparer: User, decider: User) -> None:
    """R-03, R-04: a signed, dated record."""
    decision = decided(preparer, decider)
    assert decision.decided_on == timezone.localdate()
    assert (decision.signature.name, decision.signature.role) == ("decider", "Rolle decider")
    assert not decision.signature.for_others
    assert Draft.objects.get().state == DraftState.DECIDED
    assert AuditEntry.objects.filter(verb="decide", subject=f"decision:{decision.pk}").exists()


def test_nobody_decides_what_they_prepared_or_worded_last(board: Body) -> None:
    """R-16, also for somebody who holds both rights."""
    both, other = person("both", PREPARE.key, DECIDE.key), person("other", PREPARE.key, DECIDE.key)
    draft = services.prepare_decision(Actor.for_user(both), wording())
    services.change_draft(Actor.for_user(other), draft.pk, wording(title="Anders"))
    draft = services.submit_draft(Actor.for_user(both), draft.pk)
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.decide(Actor.for_user(other), draft.pk, draft.view_sha256)
    assert services.decide(Actor.for_user(both), draft.pk, draft.view_sha256).title == "Anders"


def test_a_deputy_of_the_preparer_does_not_decide_with_the_preparers_right(board: Body) -> None:
    both, deputy = person("both", PREPARE.key, DECIDE.key), person("deputy", SEE.key)
    name_deputy(
        SYSTEM, both, deputy, Organisation.objects.get(key="stadt"), until=timezone.now() + timedelta(days=2)
    )
    draft = submitted(both)
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.decide(Actor.for_user(deputy), draft.pk, draft.view_sha256)
    assert not Decision.objects.exists()


def test_a_deputy_signs_as_deputy(preparer: User, decider: User) -> None:
    deputy = person("deputy", SEE.key)
    name_deputy(
        SYSTEM,
        decider,
        deputy,
        Organisation.objects.get(key="stadt"),
        until=timezone.now() + timedelta(days=2),
    )
    draft = submitted(preparer)
    decision = services.decide(Actor.for_user(deputy), draft.pk, draft.view_sha256)
    assert decision.signature.for_others
    assert (decision.signature.name, decision.signature.role) == ("deputy", "Rolle decider")


def test_machines_and_people_without_the_right_do_not_decide(preparer: User) -> None:
    draft = submitted(preparer)
    token = Actor(kind="token", identifier="1", grants={DECIDE.key: frozenset({0})})
    for actor in (token, Actor.for_user(preparer), Actor.for_user(person("nobody"))):
        with pytest.raises(Forbidden):
            services.decide(actor, draft.pk, draft.view_sha256)


def test_who_lacks_a_demanded_second_factor_does_not_decide(preparer: User, decider: User) -> None:
    draft = submitted(preparer)
    resting = Actor(kind="user", identifier=str(decider.pk), lacks_second_factor=True)
    with pytest.raises(SecondFactorNeeded):
        services.decide(resting, draft.pk, draft.view_sha256)


def test_only_bodies_that_decide_decide_and_never_in_the_future(preparer: User, decider: User) -> None:
    Body.objects.create(key="beirat", kind=BodyKind.ADVISORY_BOARD, name="Beirat")
    advice = submitted(preparer, body="beirat")
    with pytest.raises(Invalid) as refused:
        services.decide(Actor.for_user(decider), advice.pk, advice.view_sha256)
    assert refused.value.fields[0].field == "body"
    draft = submitted(preparer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid):
        services.decide(Actor.for_user(decider), draft.pk, draft.view_sha256, tomorrow)


@pytest.mark.parametrize("state", [DraftState.DRAFT, DraftState.DECIDED, DraftState.WITHDRAWN])
def test_only_what_was_submitted_is_decided(preparer: User, decider: User, state: DraftState) -> None:
    draft = submitted(preparer)
    Draft.objects.filter(pk=draft.pk).update(state=state)
    with pytest.raises(Conflict):
        services.decide(Actor.for_user(decider), draft.pk, draft.view_sha256)


def test_what_was_submitted_is_worded_anew_only_after_it_came_back(preparer: User, decider: User) -> None:
    draft = submitted(preparer)
    actor = Actor.for_user(preparer)
    with pytest.raises(Conflict):
        services.change_draft(actor, draft.pk, wording())
    services.return_draft(Actor.for_user(decider), draft.pk, "Bitte mit Kosten")
    assert Draft.objects.get().return_note == "Bitte mit Kosten"
    services.change_draft(actor, draft.pk, wording(title="Mit Kosten"))
    services.submit_draft(actor, draft.pk)
    services.withdraw_draft(actor, draft.pk)
    with pytest.raises(Conflict):
        services.submit_draft(actor, draft.pk)


# -- the wording ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "nie"}, "body"),
        ({"kind": "king"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"title": "a\u202eb"}, "title"),
        ({"subjects": ("M-0.0.0",)}, "subjects"),
        ({"subjects": ("\x00",)}, "subjects"),
        ({"paper_url": "javascript:alert(1)"}, "paper_url"),
        ({"paper_url": "https://stadt.de@evil.example/"}, "paper_url"),
        ({"oparl_id": "ftp://x.example"}, "oparl_id"),
        ({"paper_url": "https://[::1"}, "paper_url"),
        ({"paper_number": "1" * 61}, "paper_number"),
    ],
)
def test_a_wording_that_cannot_be_is_refused_by_its_field(
    preparer: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.prepare_decision(Actor.for_user(preparer), wording(**changes))
    assert refused.value.fields[0].field == field
    assert not Draft.objects.exists()


# -- frozen --------------------------------------------------------------------------------------------------------


@pytest.fixture
def verdicts() -> Iterator[dict[str, str]]:
    """What another app tells of each code, and may change."""
    told = {"state": "in_range"}
    frozen.register_part("test_verdicts", lambda codes: dict.fromkeys(codes, told["state"]))
    yield told
    frozen._parts.pop("test_verdicts")


def test_later_changes_do_not_change_what_was_shown(
    preparer: User, decider: User, verdicts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-03: the data snapshot that was shown, its hash kept (row 21)."""
    decision = decided(preparer, decider)
    address = f"/gremien/beschluesse/{decision.pk}/daten/"
    before = browser(decider).get(address)
    assert "in_range" in before.content.decode()
    assert decision.view_sha256 in before.content.decode()

    verdicts["state"] = "outside"
    monkeypatch.setattr(strategy, "own_keys", lambda code: ())
    assert frozen.without_moment(decision.view) != frozen.without_moment(
        frozen.build_view(decision.subjects, timezone.now())
    )
    after = browser(decider).get(address)
    assert "outside" not in after.content.decode()
    assert browser(decider).get(f"{address}?format=json").content.decode() == decision.view
    kept = Decision.objects.get()
    assert frozen.is_intact(kept.view, kept.view_sha256)


def test_who_decides_is_told_when_the_data_have_changed_since(
    preparer: User, decider: User, verdicts: dict[str, str]
) -> None:
    draft = submitted(preparer)
    address = f"/gremien/entscheiden/{draft.pk}/"
    assert "haben sich geändert" not in browser(decider).get(address).content.decode()
    verdicts["state"] = "outside"
    assert "haben sich geändert" in browser(decider).get(address).content.decode()


def test_a_decision_on_other_data_than_were_seen_is_refused(preparer: User, decider: User) -> None:
    draft = submitted(preparer)
    services.return_draft(Actor.for_user(preparer), draft.pk)
    again = services.submit_draft(Actor.for_user(preparer), draft.pk)
    with pytest.raises(Conflict):
        services.decide(Actor.for_user(decider), draft.pk, draft.view_sha256)
    assert again.view_sha256 != draft.view_sha256


def test_the_view_holds_edition_texts_and_values_with_their_checksum(preparer: User) -> None:
    draft = submitted(preparer)
    view = json.loads(draft.view)
    assert view["format"] == frozen.VIEW
    assert [one["code"] for one in view["subjects"]] == draft.subjects
    assert view["subjects"][0]["indicators"]
    assert frozen.canonical(view) == draft.view
    assert frozen.checksum(draft.view) == draft.view_sha256


def test_the_database_refuses_to_change_or_remove_a_decision(preparer: User, decider: User) -> None:
    decision = decided(preparer, decider)
    for change in (
        lambda: Decision.objects.update(title="Anders"),
        lambda: Decision.objects.filter(pk=decision.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Decision.objects.get().title == "Beginn"


def test_a_correction_is_a_decision_of_its_own_and_only_one(preparer: User, decider: User) -> None:
    decision = decided(preparer, decider)
    actor = Actor.for_user(preparer)
    first, second = (
        services.submit_draft(
            actor, services.prepare_decision(actor, wording(title=title), corrects=decision.pk).pk
        )
        for title in ("Berichtigt", "Zu spät")
    )
    later = services.decide(Actor.for_user(decider), first.pk, first.view_sha256)
    with pytest.raises(Conflict):
        services.decide(Actor.for_user(decider), second.pk, second.view_sha256)
    with pytest.raises(Conflict):
        services.prepare_decision(actor, wording(), corrects=decision.pk)
    with pytest.raises(NotFound):
        services.prepare_decision(actor, wording(), corrects=0)
    [subject] = decision.subjects
    assert [one.number for one in public.list_decisions(subject)] == [later.pk, decision.pk]
    assert [one.number for one in public.decisions_for([subject])[subject]] == [later.pk]
    found = public.find_decision(decision.pk)
    assert found is not None
    assert found.corrected_by == later.pk
    assert public.find_decision(0) is None


# -- pages ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_what_and_when_and_nobody_outside_reads_why_and_who(
    preparer: User, decider: User, client: Client
) -> None:
    decision = decided(preparer, decider)
    address = f"/gremien/beschluesse/{decision.pk}/"
    for shown in (client.get(address), browser(person("nobody")).get(address)):
        page = shown.content.decode()
        assert "Es geht los." in page
        assert "26-30/1" in page
        assert "Streng vertraulich" not in page
        assert "decider" not in page
        assert decision.view_sha256 not in page
    inside = browser(decider).get(address).content.decode()
    assert "Streng vertraulich" in inside
    assert "Rolle decider" in inside
    assert client.get(f"{address}daten/").status_code == 302
    assert browser(person("other")).get(f"{address}daten/").status_code == 403


def test_drafts_are_seen_by_nobody_outside(preparer: User, client: Client) -> None:
    draft = submitted(preparer)
    listed = client.get("/gremien/beschluesse/").content.decode()
    assert draft.title not in listed
    measure = client.get(f"/strategie/massnahmen/{draft.subjects[0]}/").content.decode()
    assert "Streng vertraulich" not in measure
    assert browser(person("nobody")).get(f"/gremien/vorlagen/{draft.pk}/").status_code == 403


def test_an_officer_prepares_and_the_board_decides_on_the_pages(preparer: User, decider: User) -> None:
    office, vorstand = browser(preparer), browser(decider)
    sent = {"body": "vorstand", "kind": "start", "title": "Beginn", "subjects": code(), "reason": "Weil."}
    assert office.post("/gremien/vorlagen/", {**sent, "subjects": "M-0.0.0"}).status_code == 422
    assert office.post("/gremien/vorlagen/", sent).status_code == 302
    draft = Draft.objects.get()
    page = f"/gremien/vorlagen/{draft.pk}/"
    assert office.post(page, {**sent, "title": "Neuer Titel"}).status_code == 302
    assert office.post(page, {"do": "submit"}).status_code == 302
    assert "Neuer Titel" in vorstand.get("/gremien/entscheiden/").content.decode()
    draft.refresh_from_db()
    answer = vorstand.post(f"/gremien/entscheiden/{draft.pk}/", {"seen": draft.view_sha256})
    assert answer.status_code == 302
    assert "Neuer Titel" in vorstand.get(answer["Location"]).content.decode()
    told = Client().get(f"/strategie/massnahmen/{draft.subjects[0]}/").content.decode()
    assert "Neuer Titel" in told


def test_a_refused_decision_leaves_the_draft_as_it_was(preparer: User, decider: User) -> None:
    draft = submitted(preparer)
    day = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011
    answer = browser(decider).post(
        f"/gremien/entscheiden/{draft.pk}/", {"seen": draft.view_sha256, "decided_on": day}
    )
    assert answer.status_code == 422
    assert "Zukunft" in answer.content.decode()
    assert Draft.objects.get().state == DraftState.SUBMITTED
    assert [one.pk for one in queries.list_drafts(DraftState.SUBMITTED)] == [draft.pk]
