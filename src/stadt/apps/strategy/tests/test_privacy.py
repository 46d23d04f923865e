"""Memberships in teams: told on export, gone after erasure."""

import pytest

from stadt.apps.strategy import privacy
from stadt.apps.strategy.document import strategy
from stadt.apps.strategy.teams import queries, services
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import ensure_foundations

pytestmark = pytest.mark.django_db


def test_export_tells_the_own_teams_and_erasure_takes_them_alone() -> None:
    ensure_foundations()
    anna, bert = (User.objects.create_user(email=f"{name}@example.org") for name in ("anna", "bert"))
    code = next(iter(strategy().measures))
    for user in (anna, bert):
        services.add_member(Actor.system("test"), code, user.pk, "member", "stadt")

    assert [one["measure"] for one in privacy.export(anna)["teams"]] == [code]

    privacy.erase(anna)
    assert privacy.export(anna)["teams"] == []
    assert [one.user_id for one in queries.list_members(code)] == [bert.pk]
