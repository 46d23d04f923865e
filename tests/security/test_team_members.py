"""With nothing but a place in one measure's team, the inside of every other measure stays closed (R-11).

Secrets are planted wherever the inside of a measure is kept; then every address of the city is asked by an external member
of another measure's team. Addresses come from the registry, so a new page is asked without being told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import BodyKind
from stadt.apps.governance.models import Body, Draft
from stadt.apps.governance.principles import questions
from stadt.apps.governance.services import alignment, checklist, decisions, ideas, meetings
from stadt.apps.strategy import public as teams
from stadt.config.addresses import API, all_addresses
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation, User
from stadt.core.people.services import ADMINISTRATOR, ensure_foundations, grant_role
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\{(?:(\w+):)?(\w+)\}")
SECRET = "Zirkonium"
PARTS = ("strategy", "governance", "steering", "reports", "dialogue", "indicators", "home")


@dataclass(frozen=True)
class Planted:
    """The external member's browser, the own measure, another, and numbers of what is kept about the other."""

    client: Client
    own: str
    other: str
    numbers: frozenset[int]


@pytest.fixture
def planted() -> Planted:
    ensure_foundations()
    city = Organisation.objects.get(key="stadt")
    Organisation.objects.create(key="werke", name="Werke", parent=city)
    own, other = (measure.code for measure in strategy.list_measures()[:2])
    member = User.objects.create_user(email="extern@example.org", name="Extern")
    teams.add_member(SYSTEM, own, member.pk, "external", "werke")
    numbers = plant(other)
    client = Client()
    client.force_login(member, BACKEND)
    return Planted(client, own, other, numbers)


def plant(code: str) -> frozenset[int]:
    """Put the secret into everything that is internal about a measure."""
    colleague = User.objects.create_user(email=f"{SECRET.lower()}@example.org", name=f"{SECRET} Meier")
    teams.add_member(SYSTEM, code, colleague.pk, "lead", "stadt")
    body = Body.objects.create(key="vorstand", kind=BodyKind.BOARD, name="Vorstand")
    wording = decisions.Wording(
        "vorstand", "start", "Beginn", (code,), reason=f"{SECRET} begründet", public_text="Es geht los."
    )
    draft = decisions.submit_draft(SYSTEM, decisions.prepare_decision(SYSTEM, wording).pk)
    decision = decisions.decide(SYSTEM, draft.pk, draft.view_sha256)
    waiting = decisions.prepare_decision(
        SYSTEM, decisions.Wording("vorstand", "stop", f"{SECRET} soll enden", (code,), reason="Darum")
    )
    first = questions()[0]
    checklist.answer_check(
        SYSTEM, code, "start", first.principle, first.place, "no", reason=f"{SECRET} fehlt"
    )
    checklist.give_gate_reason(SYSTEM, code, f"{SECRET} ohne Ziel")
    idea = ideas.tell_idea(SYSTEM, "obstacle", f"{SECRET} stört", f"{SECRET} im Keller", code)
    sector = alignment.link_sector(SYSTEM, "werke", f"{SECRET} Plan", [code])
    alignment.confirm_alignment(SYSTEM, sector.pk, code, "conflict", f"{SECRET} widerspricht")
    meeting = meetings.plan_meeting(SYSTEM, "vorstand", decision.decided_on, f"{SECRET} Sitzung")
    meetings.put_item(SYSTEM, meeting.pk, "measure", f"{SECRET} Sachstand", code)
    meetings.write_minutes(SYSTEM, meeting.pk, f"{SECRET} beraten", {})
    meetings.release_minutes(SYSTEM, meeting.pk)
    assert Draft.objects.count() == 2
    return frozenset({draft.pk, decision.pk, waiting.pk, idea.pk, sector.pk, meeting.pk, body.pk})


def addresses(planted: Planted, *, pages_only: bool = False) -> Iterator[str]:
    """Every page of the parts and everything of their interface, about the other measure and its things."""
    found = {item.path for item in registry.pages if item.app in PARTS}
    if not pages_only:
        found |= {address.pattern for address in all_addresses() if address.pattern.startswith(API)}
    for pattern in sorted(found):
        kinds = {match[1] or match[3] or "str" for match in PARAMETER.finditer(pattern)}
        numbers = sorted(planted.numbers) if "int" in kinds else [0]
        for number in numbers:
            yield "/" + PARAMETER.sub(lambda match, n=number: filled(match, planted.other, n), pattern)  # type: ignore[misc]


def filled(match: re.Match[str], code: str, number: int) -> str:
    kind = match[1] or match[3] or "str"
    return {"int": str(number), "str": code}.get(kind, "vorstand")


def tells(answer: Any) -> bool:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return SECRET.lower().encode() in content.lower()


def test_who_may_everything_finds_the_secrets_at_these_addresses(planted: Planted) -> None:
    """So that the next test cannot pass because nothing is there."""
    administrator = User.objects.create_user(email="chef@example.org")
    grant_role(SYSTEM, administrator, ADMINISTRATOR, "stadt")
    client = Client()
    client.force_login(administrator, BACKEND)
    assert sum(1 for path in addresses(planted, pages_only=True) if tells(client.get(path))) >= 10


def test_no_address_tells_the_inside_of_another_measure(planted: Planted) -> None:
    leaks, asked = [], 0
    for path in addresses(planted):
        answer = planted.client.get(path)
        asked += 1
        if tells(answer):
            leaks.append(path)
    assert asked > 60
    assert leaks == []


def test_pages_that_are_internal_to_a_measure_answer_as_if_it_were_not_there(planted: Planted) -> None:
    for page in ("/strategie/massnahmen/{}/team/", "/gremien/massnahmen/{}/"):
        assert planted.client.get(page.format(planted.own)).status_code == 200
        assert planted.client.get(page.format(planted.other)).status_code == 404
        assert planted.client.get(page.format("M-0.0.0")).status_code == 404
        assert planted.client.post(page.format(planted.other), {"form": "member"}).status_code == 404


def test_search_lists_and_counts_do_not_know_what_is_inside(planted: Planted) -> None:
    for path in ("/suche", "/strategie/massnahmen/", "/gremien/beschluesse/", "/strategie/indikatoren/"):
        told = planted.client.get(path, {"q": SECRET, "suche": SECRET}).content.decode()
        assert f"{SECRET} " not in told.replace(f'value="{SECRET}"', "")
    own = planted.client.get("/strategie/teams/").content.decode()
    assert planted.own in own
    assert f"{planted.other} " not in own


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_two_measures_the_inside_of_one_is_closed_to_the_other(
    planted: Planted, data: st.DataObject
) -> None:
    codes = [measure.code for measure in strategy.list_measures()]
    code = data.draw(st.sampled_from([one for one in codes if one != planted.own]))
    for page in ("/strategie/massnahmen/{}/team/", "/gremien/massnahmen/{}/"):
        assert planted.client.get(page.format(code)).status_code == 404
