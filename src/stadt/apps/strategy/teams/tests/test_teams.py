"""Teams of measures: people of several organisations, each for a time, and nobody sees more than the own measure."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.document import printed_strategy
from stadt.apps.strategy.teams import queries, services
from stadt.apps.strategy.teams.kinds import Consultation, MemberKind, PartnerRole
from stadt.apps.strategy.teams.models import TeamMember, TeamPartner
from stadt.apps.strategy.teams.rights import ASSIGN_TEAM
from stadt.core.errors import Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry, Membership, Organisation, Role, User
from stadt.core.people.services import ensure_foundations

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
OURS, OTHER = list(printed_strategy().measures)[:2]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = date(2026, 6, 15)
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))


@pytest.fixture
def anna() -> User:
    ensure_foundations()
    city = Organisation.objects.get(key="stadt")
    Organisation.objects.create(key="werke", name="Stadtwerke", parent=city)
    return User.objects.create_user(email="anna@example.org", name="Anna Ohnerolle")


@pytest.fixture
def officer(anna: User) -> User:
    """Somebody whose one right is to put teams together."""
    user = User.objects.create_user(email="amt@example.org", name="Bert Amt")
    role = Role.objects.create(key="teams", title="Teams", permissions=[ASSIGN_TEAM.key])
    Membership.objects.create(user=user, role=role, organisation=Organisation.objects.get(key="stadt"))
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def address(code: str) -> str:
    return f"/strategie/massnahmen/{code}/team/"


# -- members ---------------------------------------------------------------------------------------------------


def test_a_member_is_one_from_the_first_day_to_the_last(anna: User) -> None:
    """R-11, R-15: one's membership begins and ends by date alone."""
    first, last = TODAY, TODAY + timedelta(days=10)
    services.add_member(SYSTEM, OURS, anna.pk, "external", "werke", since=first, until=last)
    asked = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [queries.is_member(anna.pk, OURS, day) for day in asked] == [False, True, True, False]
    assert not queries.is_member(anna.pk, OTHER, first)
    assert queries.codes_of(anna.pk, first) == {OURS}


def test_nobody_and_accounts_out_of_use_are_in_no_team(anna: User) -> None:
    services.add_member(SYSTEM, OURS, anna.pk, "member", "stadt")
    assert queries.is_member(anna.pk, OURS)
    assert not queries.is_member(None, OURS)
    assert queries.codes_of(None) == frozenset()
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert not queries.is_member(anna.pk, OURS)


@given(first=DAYS, length=st.integers(0, 60), other=DAYS, other_length=st.integers(0, 60))
def test_two_memberships_of_one_person_in_one_team_never_overlap(
    first: date, length: int, other: date, other_length: int
) -> None:
    ensure_foundations()
    TeamMember.objects.all().delete()
    user, _new = User.objects.get_or_create(email="twice@example.org")
    last, other_last = first + timedelta(days=length), other + timedelta(days=other_length)
    services.add_member(SYSTEM, OURS, user.pk, "member", "stadt", since=first, until=last)
    try:
        services.add_member(SYSTEM, OURS, user.pk, "lead", "stadt", since=other, until=other_last)
        is_taken = True
    except Invalid as error:
        is_taken = error.fields[0].field != "user"
    assert is_taken == (other > last or other_last < first)
    assert TeamMember.objects.filter(user=user).count() == 1 + is_taken


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "king"}, "kind"),
        ({"organisation_key": "gibt-es-nicht"}, "organisation"),
        ({"user_id": 0}, "user"),
        ({"since": TODAY, "until": TODAY - timedelta(days=1)}, "until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_kept(
    anna: User, changes: dict[str, object], field: str
) -> None:
    asked = {"user_id": anna.pk, "kind": "member", "organisation_key": "stadt", **changes}
    with pytest.raises(Invalid) as refused:
        services.add_member(SYSTEM, OURS, **asked)  # type: ignore[arg-type]
    assert refused.value.fields[0].field == field
    assert not TeamMember.objects.exists()


def test_a_measure_that_is_not_there_has_no_team(anna: User) -> None:
    for code in ("", "M-0.0.0", "\x00"):
        with pytest.raises(NotFound):
            services.add_member(SYSTEM, code, anna.pk, "member", "stadt")


def test_ending_a_membership_keeps_that_it_was_and_one_that_never_counted_goes(anna: User) -> None:
    today = timezone.localdate()
    old = services.add_member(SYSTEM, OURS, anna.pk, "member", "stadt", since=today - timedelta(days=30))
    services.end_membership(SYSTEM, old.pk)
    assert not queries.is_member(anna.pk, OURS)
    assert [one.is_over for one in queries.list_members(OURS, also_over=True)] == [True]
    assert queries.list_members(OURS) == []
    with pytest.raises(Invalid):
        services.end_membership(SYSTEM, old.pk)
    again = services.add_member(SYSTEM, OURS, anna.pk, "lead", "stadt")
    services.end_membership(SYSTEM, again.pk)
    assert not TeamMember.objects.filter(pk=again.pk).exists()


def test_only_those_with_the_right_change_teams(anna: User) -> None:
    for stranger, wanted in ((Actor.anonymous(), SignInNeeded), (Actor.for_user(anna), Forbidden)):
        with pytest.raises(wanted):
            services.add_member(stranger, OURS, anna.pk, "lead", "stadt")
        with pytest.raises(wanted):
            services.name_partner(stranger, OURS, "werke", "funder")
        with pytest.raises(wanted):
            services.note_staff_council(stranger, OURS, "needed")
    assert not TeamMember.objects.exists()


# -- organisations ---------------------------------------------------------------------------------------------


def test_a_team_of_a_single_organisation_gets_a_hint(anna: User) -> None:
    """R-17."""
    assert not queries.is_one_silo(OURS)
    services.add_member(SYSTEM, OURS, anna.pk, "lead", "stadt")
    assert queries.is_one_silo(OURS)
    bert = User.objects.create_user(email="bert@example.org")
    services.add_member(SYSTEM, OURS, bert.pk, "external", "werke")
    assert not queries.is_one_silo(OURS)


def test_partners_have_a_part_and_a_time(anna: User) -> None:
    """R-13."""
    made = services.name_partner(SYSTEM, OURS, "werke", PartnerRole.OPERATOR)
    with pytest.raises(Invalid):
        services.name_partner(SYSTEM, OURS, "werke", PartnerRole.OPERATOR)
    services.name_partner(SYSTEM, OURS, "werke", PartnerRole.FUNDER)
    assert {one.role for one in queries.list_partners(OURS)} == {PartnerRole.OPERATOR, PartnerRole.FUNDER}
    services.end_partner(SYSTEM, made.pk)
    assert {one.role for one in queries.list_partners(OURS)} == {PartnerRole.FUNDER}
    with pytest.raises(NotFound):
        services.end_partner(SYSTEM, made.pk)
    assert TeamPartner.objects.count() == 1


def test_data_contacts_are_those_named_for_it_else_the_lead(anna: User) -> None:
    bert = User.objects.create_user(email="bert@example.org")
    services.add_member(SYSTEM, OURS, anna.pk, MemberKind.LEAD, "stadt")
    assert queries.data_contacts([OURS, OTHER]) == {OURS: [anna]}
    services.add_member(SYSTEM, OURS, bert.pk, MemberKind.DATA_CONTACT, "werke")
    assert queries.data_contacts([OURS]) == {OURS: [bert]}


def test_the_staff_councils_part_needs_its_day(anna: User) -> None:
    """R-13: the Personalrat's consultation."""
    assert queries.find_consultation(OURS).state == Consultation.NOT_SAID
    with pytest.raises(Invalid):
        services.note_staff_council(SYSTEM, OURS, Consultation.DONE)
    services.note_staff_council(SYSTEM, OURS, Consultation.DONE, TODAY, "Vereinbarung liegt vor")
    assert queries.find_consultation(OURS).state == Consultation.DONE


# -- pages -----------------------------------------------------------------------------------------------------


def test_a_member_sees_the_own_team_and_nothing_of_another(anna: User) -> None:
    """R-11: external members see only their measure."""
    other = User.objects.create_user(email="other@example.org", name="Fremder Name")
    services.add_member(SYSTEM, OURS, anna.pk, "external", "werke")
    services.add_member(SYSTEM, OTHER, other.pk, "lead", "stadt")
    client = browser(anna)
    assert "Anna Ohnerolle" in client.get(address(OURS)).content.decode()
    assert client.get(address(OTHER)).status_code == 404
    own, foreign = (client.get(f"/strategie/massnahmen/{code}/").content.decode() for code in (OURS, OTHER))
    assert "Anna Ohnerolle" in own
    assert "Fremder Name" not in foreign
    listed = client.get("/strategie/teams/").content.decode()
    assert OURS in listed
    assert f"{OTHER} " not in listed


def test_strangers_see_no_names(anna: User, client: Client) -> None:
    services.add_member(SYSTEM, OURS, anna.pk, "lead", "stadt")
    assert client.get(address(OURS)).status_code == 302
    assert "Anna Ohnerolle" not in client.get(f"/strategie/massnahmen/{OURS}/").content.decode()
    assert browser(User.objects.create_user(email="x@example.org")).get(address(OURS)).status_code == 404


def test_a_member_whose_time_is_over_sees_nothing_any_more(anna: User) -> None:
    last = timezone.localdate() - timedelta(days=1)
    services.add_member(SYSTEM, OURS, anna.pk, "member", "stadt", since=last, until=last)
    assert browser(anna).get(address(OURS)).status_code == 404


def test_a_member_without_the_right_cannot_change_the_team(anna: User) -> None:
    services.add_member(SYSTEM, OURS, anna.pk, "member", "stadt")
    page = browser(anna).get(address(OURS)).content.decode()
    assert "Jemanden aufnehmen" not in page
    sent = {
        "form": "member",
        "member-user": anna.email,
        "member-kind": "lead",
        "member-organisation": "stadt",
    }
    assert browser(anna).post(address(OURS), sent).status_code == 403


def test_an_officer_puts_a_team_together_on_the_page(anna: User, officer: User) -> None:
    client = browser(officer)
    sent = {
        "form": "member",
        "member-user": "Anna@example.org",
        "member-kind": "lead",
        "member-organisation": "stadt",
    }
    assert client.post(address(OURS), sent).status_code == 302
    page = client.get(address(OURS)).content.decode()
    assert "Anna Ohnerolle" in page
    assert "Nur eine Organisation im Team" in page
    refused = client.post(address(OURS), sent)
    assert refused.status_code == 422
    assert "schon im Team" in refused.content.decode()
    member = TeamMember.objects.get()
    assert client.post(address(OTHER), {"end_member": str(member.pk)}).status_code == 404
    assert client.post(address(OURS), {"end_member": str(member.pk)}).status_code == 302
    assert not queries.is_member(anna.pk, OURS)
    assert AuditEntry.objects.filter(verb="add_member", subject=f"team:{OURS}").count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"form": "king"},
        {"form": "member"},
        {"form": "partner", "partner-organisation": "nie", "partner-role": "funder"},
        {
            "form": "member",
            "member-user": "wer@example.org",
            "member-kind": "lead",
            "member-organisation": "stadt",
        },
        {"form": "staff_council", "staff_council-state": "done"},
        {"form": "staff_council", "staff_council-state": "done", "staff_council-on": "9999-12-31"},
    ],
)
def test_a_form_that_says_nothing_useful_is_refused_and_nothing_changes(
    officer: User, sent: dict[str, str]
) -> None:
    assert browser(officer).post(address(OURS), sent).status_code == 422
    assert not TeamMember.objects.exists()
