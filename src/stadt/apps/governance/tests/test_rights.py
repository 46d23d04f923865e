"""The rights of every role of the strategy (R-01 to R-14): every permission of its parts, every page, every verb here.

The table is written by hand from the requirements, not computed from `roles.toml`: a permission that comes without a row,
a role that gets more, and a page that opens to another role than its permission says make a test fail.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from stadt.apps.governance.rights import PERMISSIONS
from stadt.apps.governance.roles import OURS, templates
from stadt.apps.governance.services import (
    alignment,
    bodies,
    checklist,
    decisions,
    ideas,
    meetings,
    roles,
    rounds,
)
from stadt.apps.governance.verbs import VERBS
from stadt.core.errors import Forbidden, StadtError
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import ensure_foundations, grant_role
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
R02_03 = "strategy-mayor strategy-board"
OFFICERS = "strategy-cdo strategy-cio"
EDITORS = f"strategy-owner {OFFICERS} strategy-office"
PROPOSERS = f"{EDITORS} strategy-steering-group strategy-department-head"
INSIDE = f"strategy-council {R02_03} {PROPOSERS} strategy-it-coordinator"
COMMENTERS = f"{PROPOSERS} strategy-it-coordinator strategy-guide strategy-advisory-board"

# Permission → the roles that hold it. R-11 (team member), R-13 (partner) and R-14 (public) stand nowhere: what they may
# do follows from the team of a measure, or is for everybody.
TABLE: Mapping[str, str] = {
    "strategy.propose": PROPOSERS,
    "strategy.comment": COMMENTERS,
    "strategy.edit": EDITORS,
    "strategy.cosign": "strategy-cio",
    "strategy.approve": R02_03,
    "strategy.adopt": "strategy-council",
    "strategy.see_internal": f"strategy-council {R02_03} strategy-owner strategy-office",
    "strategy.publish": "strategy-owner",
    "strategy.assign_team": "strategy-owner strategy-office",
    "strategy.exchange": "strategy-office",
    "indicators.define": "strategy-office",
    "indicators.enter": "strategy-office strategy-it-coordinator",
    "indicators.confirm": "strategy-office",
    "indicators.compute": "",
    "steering.see": f"{R02_03} strategy-owner strategy-office strategy-steering-group strategy-department-head",
    "steering.propose_targets": "strategy-office strategy-steering-group",
    "steering.decide_targets": R02_03,
    "steering.assess": "strategy-office",
    "steering.confirm": "strategy-office",
    "steering.answer": f"{R02_03} strategy-office strategy-department-head",
    "governance.see": INSIDE,
    "governance.prepare": "strategy-owner",
    "governance.decide": R02_03,
    "governance.keep_bodies": "strategy-office",
    "governance.minutes": "strategy-office strategy-steering-group",
    "governance.run_rounds": "strategy-office",
    "governance.give_statement": "strategy-advisory-board",
    "governance.check": f"{EDITORS} strategy-steering-group",
    "governance.align": "strategy-department-head",
    "governance.tell": "strategy-office strategy-steering-group strategy-department-head strategy-it-coordinator strategy-guide",
    "governance.answer": "strategy-owner strategy-office",
    "reports.produce": "strategy-office",
    "reports.release": "strategy-owner",
    "dialogue.answer": f"{EDITORS} strategy-department-head",
    "dialogue.moderate": "strategy-owner strategy-office",
}

# Who does the first may not do the second. Where one role holds both, the verb itself tells the two people apart.
FOUR_EYES = (
    ("strategy.propose", "strategy.approve"),
    ("strategy.edit", "strategy.approve"),
    ("strategy.publish", "strategy.adopt"),
    ("governance.prepare", "governance.decide"),
    ("steering.propose_targets", "steering.decide_targets"),
    ("reports.produce", "reports.release"),
    ("indicators.enter", "indicators.confirm"),
    ("steering.assess", "steering.confirm"),
    ("governance.tell", "governance.answer"),
)
TOLD_APART_BY_THE_VERB = {
    ("strategy-office", "indicators.enter", "indicators.confirm"),
    ("strategy-office", "steering.assess", "steering.confirm"),
    ("strategy-office", "governance.tell", "governance.answer"),
}

DAY = date(2026, 1, 1)
WORDING = decisions.Wording("x", "start", "t", reason="r")

# Verb of this app → the permission it asks, and a call that does nothing else wrong than to lack it.
CALLS: Mapping[str, tuple[str, Callable[[Actor], Any]]] = {
    "install_roles": ("core.manage_people", roles.install_roles),
    "load_bodies": ("governance.keep_bodies", bodies.load_bodies),
    "give_seat": ("governance.keep_bodies", lambda actor: bodies.give_seat(actor, "x", 0, "member")),
    "end_seat": ("governance.keep_bodies", lambda actor: bodies.end_seat(actor, 0)),
    "prepare_decision": ("governance.prepare", lambda actor: decisions.prepare_decision(actor, WORDING)),
    "change_draft": ("governance.prepare", lambda actor: decisions.change_draft(actor, 0, WORDING)),
    "submit_draft": ("governance.prepare", lambda actor: decisions.submit_draft(actor, 0)),
    "return_draft": ("governance.prepare governance.decide", lambda actor: decisions.return_draft(actor, 0)),
    "withdraw_draft": ("governance.prepare", lambda actor: decisions.withdraw_draft(actor, 0)),
    "decide": ("governance.decide", lambda actor: decisions.decide(actor, 0, "")),
    "answer_check": (
        "governance.check",
        lambda actor: checklist.answer_check(actor, next(iter(measures())), "start", "P-0", 0, "yes"),
    ),
    "give_gate_reason": ("governance.check", lambda actor: checklist.give_gate_reason(actor, "x", "r")),
    "plan_meeting": ("governance.minutes", lambda actor: meetings.plan_meeting(actor, "x", DAY, "t")),
    "put_item": ("governance.minutes", lambda actor: meetings.put_item(actor, 0, "other", "t")),
    "remove_item": ("governance.minutes", lambda actor: meetings.remove_item(actor, 0, 0)),
    "write_minutes": ("governance.minutes", lambda actor: meetings.write_minutes(actor, 0, "t", {})),
    "release_minutes": ("governance.minutes", lambda actor: meetings.release_minutes(actor, 0)),
    "tell_idea": ("governance.tell", lambda actor: ideas.tell_idea(actor, "x", "t", "t")),
    "answer_idea": ("governance.answer", lambda actor: ideas.answer_idea(actor, 0, "x", "t")),
    "link_sector": ("governance.align", lambda actor: alignment.link_sector(actor, "x", "t", [])),
    "give_statement": (
        "governance.give_statement",
        lambda actor: alignment.give_statement(actor, "x", "t", "t"),
    ),
    "publish_statement": ("governance.prepare", lambda actor: alignment.publish_statement(actor, 0)),
    "open_round": ("governance.run_rounds", lambda actor: rounds.open_round(actor, DAY, "")),
    "remind": ("governance.run_rounds", lambda actor: rounds.remind(actor, 0)),
    "complete_round": ("governance.run_rounds", lambda actor: rounds.complete_round(actor, 0)),
    "reopen_round": ("governance.run_rounds", lambda actor: rounds.reopen_round(actor, 0)),
    "freeze_round": ("governance.run_rounds", lambda actor: rounds.freeze_round(actor, 0)),
}
# Asks in the organisation of the thing, so it looks the thing up first: tested with `test_a_head_aligns_…`.
ASKS_IN_AN_ORGANISATION = {"confirm_alignment"}

PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
EXAMPLES = {"int": "4711", "uuid": "6c84fb90-12c4-11e1-840d-7b25c5ee775a"}


def measures() -> Mapping[str, Any]:
    from stadt.apps.governance import strategy

    return strategy.content_at().measures


@pytest.fixture
def holders() -> dict[str, User]:
    """One person for each role, who holds nothing else."""
    ensure_foundations()
    roles.install_roles(SYSTEM)
    found = {}
    for template in templates():
        found[template.key] = User.objects.create_user(email=f"{template.key}@example.org")
        grant_role(SYSTEM, found[template.key], template.key, "stadt")
    return found


def expected(role: str, keys: str) -> bool:
    return any(role in TABLE.get(key, "").split() for key in keys.split())


def declared() -> set[str]:
    return {key for key in registry.permissions if key.partition(".")[0] in OURS}


def test_every_permission_of_the_parts_has_a_row() -> None:
    assert declared() - TABLE.keys() == set()
    assert {permission.key for permission in PERMISSIONS} <= declared()


def test_every_template_gives_exactly_what_the_table_says() -> None:
    given = {template.key: set(template.permissions) for template in templates()}
    wanted = {role: {key for key, held in TABLE.items() if role in held.split()} for role in given}
    assert given == wanted
    assert {role for held in TABLE.values() for role in held.split()} <= given.keys()


def test_every_holder_may_what_the_table_says_and_nothing_else(holders: dict[str, User]) -> None:
    for role, user in holders.items():
        actor = Actor.for_user(user)
        may = {key for key, permission in registry.permissions.items() if actor.can(permission)}
        assert may == {key for key in declared() if expected(role, key)}, role


def test_nobodys_single_role_holds_both_sides_where_four_eyes_bind() -> None:
    """R-16."""
    both = {
        (role, first, second)
        for role in (template.key for template in templates())
        for first, second in FOUR_EYES
        if expected(role, first) and expected(role, second)
    }
    assert both == TOLD_APART_BY_THE_VERB


def test_every_page_of_the_parts_opens_to_the_roles_of_its_permission_alone(holders: dict[str, User]) -> None:
    parts = {"strategy", "governance", "steering", "reports", "dialogue", "indicators"}
    guarded = [
        item for item in registry.pages if item.app in parts and isinstance(item.page.permission, Permission)
    ]
    assert len(guarded) > 15
    wrong = []
    for role, user in holders.items():
        client = Client()
        client.force_login(user, BACKEND)
        for item in guarded:
            path = (
                "/"
                + PARAMETER.sub(lambda match: EXAMPLES.get(match[1] or "", "x"), item.path).rstrip("/")
                + "/"
            )
            is_open = client.get(path).status_code != 403
            assert isinstance(item.page.permission, Permission)
            if is_open != expected(role, item.page.permission.key):
                wrong.append((role, item.url_name))
    assert wrong == []


def test_every_verb_has_its_call_here() -> None:
    assert {verb.name for verb in VERBS} == CALLS.keys() | ASKS_IN_AN_ORGANISATION


def test_every_verb_is_done_by_the_roles_of_its_permission_alone(holders: dict[str, User]) -> None:
    wrong = []
    for role, user in holders.items():
        for verb, (keys, call) in CALLS.items():
            try:
                with transaction.atomic():
                    call(Actor.for_user(user))
                is_refused = False
            except Forbidden:
                is_refused = True
            except StadtError:
                is_refused = False
            if is_refused == expected(role, keys):
                wrong.append((role, verb))
    assert wrong == []
