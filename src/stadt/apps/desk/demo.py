"""The demo's back office: two teams and a firm with people, who share out the cases that others of the demo told. All examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from stadt.apps.desk import roles
from stadt.civic.cases import services
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import CaseQuery, search_cases
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation, Role, User
from stadt.core.people.services import create_organisation, grant_role, remove_organisation
from stadt.core.people.tree import CITY, get_city

ACTOR = Actor.system("demo:desk")
DOMAIN = "vorgaenge.example"
"""Nobody can sign in with these accounts: they have no password, and the domain gets no mail (RFC 2606)."""
TEAMS = (("beispiel-team-a", "Beispielteam A"), ("beispiel-team-b", "Beispielteam B"))
FIRM = ("beispiel-firma", "Beispielfirma")
PEOPLE = (
    ("team-a-1", "Alex Beispiel", TEAMS[0][0], roles.HANDLER),
    ("team-a-2", "Kim Beispiel", TEAMS[0][0], roles.HANDLER),
    ("team-a-leitung", "Robin Beispiel", TEAMS[0][0], roles.LEAD),
    ("team-b-1", "Sascha Beispiel", TEAMS[1][0], roles.HANDLER),
    ("team-b-leitung", "Toni Beispiel", TEAMS[1][0], roles.LEAD),
    ("firma-1", "Mika Beispiel", FIRM[0], roles.CONTRACTOR),
)
MOST = 60
"""Cases that are shared out; the others stay with the city, as new ones do."""


def fill(progress: Callable[[str], None]) -> None:
    """Make teams and people once, and share out what nobody has yet."""
    roles.install_roles(ACTOR)
    organisations = {key: _organisation(key, name) for key, name in (*TEAMS, FIRM)}
    people = [_person(*one) for one in PEOPLE]
    page = search_cases(ACTOR, CaseQuery(is_open=True, unassigned=True, order="oldest"), MOST)
    cases = [case for case in page.rows if case.is_example and case.organisation_id is None]
    _share_out(cases, organisations, people)
    progress(_("Teams, die %(count)d Beispiele bearbeiten") % {"count": len(cases)})


def clear() -> None:
    """Give the examples back to the city, and remove people, teams and firm."""
    city = get_city()
    ours = Organisation.objects.filter(key__in=[key for key, _name in (*TEAMS, FIRM)])
    for case in Case.objects.filter(Q(organisation__in=ours) | Q(contractor__in=ours), is_example=True):
        services.hand_to_contractor(ACTOR, case.pk, None)
        services.assign_case(ACTOR, case.pk, organisation_id=city.pk)
    User.objects.filter(email__endswith=f"@{DOMAIN}").delete()
    for organisation in ours:
        remove_organisation(ACTOR, organisation.key)


def _organisation(key: str, name: str) -> Organisation:
    found = Organisation.objects.filter(key=key).first()
    return found or create_organisation(ACTOR, name, CITY, key)


def _person(key: str, name: str, organisation: str, role: str) -> User:
    user, is_new = User.objects.get_or_create(email=f"{key}@{DOMAIN}", defaults={"name": name})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        if Role.objects.filter(key=role).exists():
            grant_role(ACTOR, user, role, organisation)
    return user


def _share_out(cases: Sequence[Case], organisations: dict[str, Organisation], people: Sequence[User]) -> None:
    """Every second to each team; of three one has nobody yet; every fourth goes to the firm."""
    hands = [
        (people[0], TEAMS[0][0]),
        (people[3], TEAMS[1][0]),
        (people[1], TEAMS[0][0]),
        (people[4], TEAMS[1][0]),
    ]
    for number, case in enumerate(cases):
        person, team = hands[number % len(hands)]
        assignee = None if number % 3 == 2 else person.pk
        try:
            services.assign_case(ACTOR, case.pk, organisation_id=organisations[team].pk, assignee_id=assignee)
            if number % 4 == 1 and case.lon is not None:
                services.hand_to_contractor(
                    ACTOR, case.pk, organisations[FIRM[0]].pk, text=_("Beispiel: Bitte mit Foto erledigen.")
                )
            if number % 5 == 0:
                services.note_case(
                    ACTOR, case.pk, _("Beispiel einer internen Notiz: Ortstermin ist abgesprochen.")
                )
        except StadtError:  # a type that does not allow it; the others go on
            continue
