"""Meetings, ideas, sector strategies and statements: who sees and does what (R-07, R-08, R-10, R-12)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AlignmentState, BodyKind, IdeaState
from stadt.apps.governance.models import (
    AgendaItem,
    Alignment,
    Body,
    Idea,
    Meeting,
    Seat,
    SectorStrategy,
    Statement,
)
from stadt.apps.governance.rights import ALIGN, ANSWER, GIVE_STATEMENT, MINUTES, PREPARE, SEE, TELL
from stadt.apps.governance.services import alignment, bodies, ideas, meetings
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def circle() -> Body:
    ensure_foundations()
    city = Organisation.objects.get(key="stadt")
    for key in ("amt", "werk"):
        Organisation.objects.create(key=key, name=key.title(), parent=city)
    Body.objects.create(key="beirat", kind=BodyKind.ADVISORY_BOARD, name="Beirat")
    return Body.objects.create(key="kreis", kind=BodyKind.STEERING_GROUP, name="Kreis")


def person(name: str, *keys: str, organisation: str = "stadt") -> User:
    user = User.objects.create_user(email=f"{name}@example.org", name=f"Name {name}")
    if keys:
        role = Role.objects.create(key=f"role-{name}", title=f"Rang {name}", permissions=list(keys))
        Membership.objects.create(
            user=user, role=role, organisation=Organisation.objects.get(key=organisation)
        )
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def code() -> str:
    return strategy.list_measures()[0].code


# -- meetings ------------------------------------------------------------------------------------------------------


def test_members_read_the_agenda_at_once_and_the_minutes_once_they_are_released() -> None:
    """R-07: agenda and minutes of the Lenkungskreis."""
    keeper, member, outsider = (
        person("keeper", SEE.key, MINUTES.key),
        person("member", SEE.key),
        person("out", SEE.key),
    )
    bodies.give_seat(SYSTEM, "kreis", member.pk, "member")
    office = browser(keeper)
    sent = {"body": "kreis", "held_on": timezone.localdate().isoformat(), "title": "Dritte Sitzung"}
    page = office.post("/gremien/sitzungen/neu/", sent)["Location"]
    minutes = f"{page}protokoll/"
    assert (
        office.post(minutes, {"do": "item", "kind": "measure", "subject": "M-0", "title": "X"}).status_code
        == 422
    )
    agenda = {"do": "item", "kind": "measure", "subject": code(), "title": "Sachstand"}
    assert office.post(minutes, agenda).status_code == 302
    item = AgendaItem.objects.get()
    shown = office.get(minutes).content.decode()
    [fields] = [form for form in shown.split("<form")[1:] if 'name="minutes"' in form.split("</form>")[0]]
    own = [button for button in fields.split("<button")[1:] if 'form="agenda"' not in button.split(">")[0]]
    assert 'value="write"' in own[0]  # Enter in a field presses it
    written = {"do": "write", "minutes": "Vertraulich besprochen", f"result-{item.pk}": "Geht weiter"}
    assert office.post(minutes, written).status_code == 302

    seen = browser(member).get(page).content.decode()
    assert "Sachstand" in seen
    assert "Vertraulich besprochen" not in seen
    assert "Geht weiter" not in seen
    assert office.post(minutes, {"do": "release"}).status_code == 302
    seen = browser(member).get(page).content.decode()
    assert "Vertraulich besprochen" in seen
    assert "Geht weiter" in seen
    assert browser(outsider).get(page).status_code == 404
    assert "Dritte Sitzung" not in browser(outsider).get("/gremien/sitzungen/").content.decode()
    assert "Dritte Sitzung" in browser(member).get("/gremien/sitzungen/").content.decode()
    Seat.objects.update(
        until=timezone.localdate() - timedelta(days=1), since=timezone.localdate() - timedelta(days=9)
    )
    assert browser(member).get(page).status_code == 404


def test_released_minutes_stay_and_empty_or_early_ones_are_not_released() -> None:
    today = timezone.localdate()
    meeting = meetings.plan_meeting(SYSTEM, "kreis", today, "Sitzung")
    with pytest.raises(Conflict):
        meetings.release_minutes(SYSTEM, meeting.pk)
    meetings.write_minutes(SYSTEM, meeting.pk, "Besprochen", {})
    early = meetings.plan_meeting(SYSTEM, "kreis", today + timedelta(days=1), "Morgen")
    meetings.write_minutes(SYSTEM, early.pk, "Vorab", {})
    with pytest.raises(Conflict):
        meetings.release_minutes(SYSTEM, early.pk)
    meetings.release_minutes(SYSTEM, meeting.pk)
    with pytest.raises(Conflict):
        meetings.write_minutes(SYSTEM, meeting.pk, "Anders", {})
    with pytest.raises(Conflict):
        meetings.put_item(SYSTEM, meeting.pk, "other", "Nachtrag")
    assert Meeting.objects.get(pk=meeting.pk).minutes == "Besprochen"


def test_results_of_another_meetings_items_are_left_alone() -> None:
    first, second = (meetings.plan_meeting(SYSTEM, "kreis", timezone.localdate(), name) for name in "ab")
    item = meetings.put_item(SYSTEM, first.pk, "other", "Punkt")
    meetings.write_minutes(SYSTEM, second.pk, "x", {item.pk: "Fremd"})
    with pytest.raises(NotFound):
        meetings.remove_item(SYSTEM, second.pk, item.pk)
    item.refresh_from_db()
    assert item.result == ""


# -- ideas ---------------------------------------------------------------------------------------------------------


def test_a_guide_tells_an_obstacle_and_the_office_answers() -> None:
    """R-10: no approval right, no visible rank."""
    guide, office = browser(person("guide", TELL.key)), person("office", TELL.key, ANSWER.key)
    sent = {"kind": "obstacle", "title": "Kein Netz", "text": "Im Keller ist kein Empfang.", "code": code()}
    assert guide.post("/gremien/ideen/", sent).status_code == 302
    assert guide.post("/gremien/ideen/", {**sent, "code": "M-0"}).status_code == 422
    idea = Idea.objects.get()
    page = guide.get("/gremien/ideen/").content.decode()
    assert "Name guide" in page
    assert "Rang guide" not in page
    assert guide.post(f"/gremien/ideen/{idea.pk}/", {"state": "answered", "answer": "x"}).status_code == 403
    answer = {"state": "taken_up", "answer": "Wir messen nach."}
    assert browser(office).post(f"/gremien/ideen/{idea.pk}/", answer).status_code == 302
    assert "Wir messen nach." in guide.get("/gremien/ideen/").content.decode()


def test_nobody_answers_what_they_told_themselves() -> None:
    both = Actor.for_user(person("both", TELL.key, ANSWER.key))
    idea = ideas.tell_idea(both, "idea", "Licht", "Mehr Licht")
    with pytest.raises(Conflict):
        ideas.answer_idea(both, idea.pk, IdeaState.ANSWERED, "Ja")
    with pytest.raises(Invalid):
        ideas.answer_idea(SYSTEM, idea.pk, IdeaState.NEW, "Ja")
    with pytest.raises(NotFound):
        ideas.answer_idea(SYSTEM, 0, IdeaState.ANSWERED, "Ja")


def test_ideas_are_never_public(client: Client) -> None:
    ideas.tell_idea(SYSTEM, "idea", "Geheime Idee", "Text", code())
    assert client.get("/gremien/ideen/").status_code == 302
    assert "Geheime Idee" not in client.get(f"/strategie/massnahmen/{code()}/").content.decode()


# -- sector strategies ---------------------------------------------------------------------------------------------


def test_a_head_aligns_the_own_offices_strategy_and_no_other() -> None:
    """R-08."""
    head = Actor.for_user(person("head", ALIGN.key, organisation="amt"))
    field = next(iter(strategy.content_at().fields))
    sector = alignment.link_sector(head, "amt", "Schulplan", [field, code()])
    assert set(sector.alignments.values_list("state", flat=True)) == {AlignmentState.OPEN}
    alignment.confirm_alignment(head, sector.pk, field, "aligned")
    with pytest.raises(Invalid) as refused:
        alignment.confirm_alignment(head, sector.pk, code(), "conflict")
    assert refused.value.fields[0].field == "note"
    for strange in ("M-0", next(iter(strategy.content_at().indicators))):
        with pytest.raises(Invalid) as refused:
            alignment.confirm_alignment(head, sector.pk, strange, "aligned")
        assert refused.value.fields[0].field == "code"
    alignment.confirm_alignment(head, sector.pk, code(), "conflict", "Andere Frist")
    assert Alignment.objects.get(code=code()).confirmed_by_id == head.user_id
    alignment.confirm_alignment(head, sector.pk, code(), "open")
    assert Alignment.objects.get(code=code()).confirmed_by_id is None
    for verb in (
        lambda: alignment.link_sector(head, "werk", "Fremd", [field]),
        lambda: alignment.confirm_alignment(
            Actor.for_user(person("other", ALIGN.key, organisation="werk")), sector.pk, field, "aligned"
        ),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert SectorStrategy.objects.count() == 1


def test_a_sector_strategy_is_linked_with_fields_and_measures_only() -> None:
    indicator = strategy.list_indicators()[0].code
    for wrong in ([indicator], ["M-0"], ["\x00"]):
        with pytest.raises(Invalid):
            alignment.link_sector(SYSTEM, "amt", "Plan", wrong)
    assert not SectorStrategy.objects.exists()


def test_conflicts_are_seen_on_the_pages() -> None:
    head = browser(person("head", ALIGN.key, SEE.key, organisation="amt"))
    sent = {"organisation": "amt", "title": "Schulplan", "codes": code()}
    page = head.post("/gremien/fachstrategien/neu/", sent)["Location"]
    told = {"code": code(), "state": "conflict", "note": "Andere Frist"}
    assert head.post(f"{page}abgleich/", {**told, "note": ""}).status_code == 422
    assert head.post(f"{page}abgleich/", told).status_code == 302
    assert "Andere Frist" in head.get(page).content.decode()
    assert "Schulplan" in head.get("/gremien/fachstrategien/").content.decode()


# -- statements ----------------------------------------------------------------------------------------------------


@pytest.fixture
def edition(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(strategy, "editions", lambda: ["1.0"])
    return "1.0"


def test_a_statement_is_public_only_after_it_was_published(client: Client, edition: str) -> None:
    """R-12: attached to an edition, advisory only."""
    adviser, owner = browser(person("adviser", GIVE_STATEMENT.key)), person("owner", PREPARE.key, SEE.key)
    sent = {"edition": edition, "title": "Rat des Beirats", "text": "Mehr Mut."}
    assert adviser.post("/gremien/stellungnahmen/neu/", {**sent, "edition": "9"}).status_code == 422
    assert adviser.post("/gremien/stellungnahmen/neu/", sent).status_code == 302
    statement = Statement.objects.get()
    assert "Rat des Beirats" not in client.get("/gremien/stellungnahmen/").content.decode()
    publish = f"/gremien/stellungnahmen/{statement.pk}/veroeffentlichen/"
    assert adviser.post(publish).status_code == 403
    assert browser(owner).post(publish).status_code == 302
    assert "Rat des Beirats" in client.get("/gremien/stellungnahmen/").content.decode()


def test_without_an_advisory_board_there_is_no_statement(edition: str) -> None:
    Body.objects.filter(kind=BodyKind.ADVISORY_BOARD).update(is_planned=True)
    with pytest.raises(NotFound):
        alignment.give_statement(SYSTEM, edition, "T", "Text")


def test_long_lists_of_ideas_and_statements_have_pages() -> None:
    for number in range(30):
        ideas.tell_idea(SYSTEM, "idea", f"Vorschlag {number}", "Text")
    beirat = Body.objects.get(key="beirat")
    today = timezone.localdate()
    Statement.objects.bulk_create(
        Statement(
            body=beirat, edition="1.0", title=f"Vorschlag {n}", text="Text", given_on=today, is_public=True
        )
        for n in range(30)
    )
    reader = browser(person("reader", TELL.key))
    for path in ("/gremien/ideen/", "/gremien/stellungnahmen/"):
        pages = [reader.get(path, {"seite": page}).content.decode() for page in (1, 2)]
        assert [page.count("<article") for page in pages] == [25, 5]
