"""Rights matrix of the record: each role of the strategy against each verb (roles of notes, 4.1: R-01 to R-14)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from stadt.apps.strategy.record import services
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services import ChangeDraft, CouncilReference
from stadt.core.errors import Forbidden, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import name_deputy
from stadt.core.people.tree import get_city

Person = Callable[..., Actor]
pytestmark = pytest.mark.usefixtures("imported")

ROLES = {
    "R-01": ("see_internal", "adopt"),
    "R-02": ("approve", "see_internal"),
    "R-03": ("approve", "see_internal"),
    "R-04": ("propose", "edit", "publish", "see_internal", "assign_team"),
    "R-05": ("propose", "edit", "cosign"),
    "R-06": ("propose", "edit", "comment", "see_internal", "exchange", "assign_team"),
    "R-07": ("propose", "comment"),
    "R-08": ("propose", "comment"),
    "R-09": ("comment",),
    "R-10": ("comment",),
    "R-11": (),
    "R-12": ("comment",),
    "R-13": (),
    "R-14": None,
}
MAY = {
    "open": {"R-04", "R-05", "R-06", "R-07", "R-08"},
    "put": {"R-04", "R-05", "R-06"},
    "comment": set(ROLES) - {"R-11", "R-13", "R-14"},
    "submit": {"R-04", "R-05", "R-06"},
    "withdraw": {"R-04", "R-05", "R-06"},
    "cosign": {"R-05"},
    "approve": {"R-02", "R-03"},
    "reject": {"R-02", "R-03"},
    "draft_edition": {"R-04"},
    "adopt_edition": {"R-01"},
}
NEED_SUBMITTED = {"cosign", "approve", "reject"}


def act(verb: str, actor: Actor, request: ChangeRequest) -> None:
    draft = ChangeDraft("change_measure", list(strategy_at().measures)[1], {"title": "Anders"})
    verbs: dict[str, Callable[[], object]] = {
        "open": lambda: services.open_change_request(actor, "Titel", "Grund"),
        "put": lambda: services.put_change(actor, request.pk, draft),
        "comment": lambda: services.comment(actor, request.pk, "Dazu"),
        "submit": lambda: services.submit(actor, request.pk),
        "withdraw": lambda: services.withdraw(actor, request.pk),
        "cosign": lambda: services.cosign(actor, request.pk),
        "approve": lambda: services.approve(actor, request.pk, date(2027, 1, 1), "Drucksache 1"),
        "reject": lambda: services.reject(actor, request.pk, "Nein"),
        "draft_edition": lambda: services.draft_edition(actor, "3.0"),
        "adopt_edition": lambda: services.adopt_edition(
            actor, "2.0", CouncilReference("1/27", date(2027, 1, 1))
        ),
    }
    verbs[verb]()


@pytest.mark.parametrize("verb", MAY)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_it_may_and_nothing_else(person: Person, role: str, verb: str) -> None:
    officer = person("strategy.propose", "strategy.publish")
    request = services.open_change_request(officer, "Antrag", "Grund")
    fields = {"tags": ["security"]} if verb == "cosign" else {"title": "Neu"}
    services.put_change(
        officer, request.pk, ChangeDraft("change_measure", next(iter(strategy_at().measures)), fields)
    )
    if verb in NEED_SUBMITTED:
        services.submit(officer, request.pk)
    services.draft_edition(officer, "2.0")
    held = ROLES[role]
    actor = Actor.anonymous() if held is None else person(*(f"strategy.{key}" for key in held))

    if role in MAY[verb]:
        act(verb, actor, request)
    else:
        with pytest.raises((Forbidden, NotFound, SignInNeeded)):
            act(verb, actor, request)


def test_a_right_held_in_an_office_alone_decides_nothing_for_the_city(person: Person) -> None:
    from stadt.core.people.models import Organisation
    from stadt.core.people.tree import get_city

    officer = person("strategy.propose")
    office = Organisation.objects.create(key="amt", name="Amt", parent=get_city())
    request = services.open_change_request(officer, "Antrag", "Grund")
    services.put_change(
        officer,
        request.pk,
        ChangeDraft("change_measure", next(iter(strategy_at().measures)), {"title": "Neu"}),
    )
    services.submit(officer, request.pk)

    with pytest.raises(Forbidden):
        services.approve(person("strategy.approve", at=office), request.pk, date(2027, 1, 1), "Drucksache 1")


def test_a_deputy_does_not_decide_with_the_right_of_somebody_who_worked_on_it(person: Person) -> None:
    """R-16: the deputy's eyes are then those of the person represented."""
    worker, deputy = (
        person("strategy.propose", "strategy.approve", "strategy.adopt", "strategy.publish"),
        person(),
    )
    request = services.open_change_request(worker, "Titel", "Grund")
    services.put_change(
        worker,
        request.pk,
        ChangeDraft("change_measure", list(strategy_at().measures)[1], {"title": "Anders"}),
    )
    services.submit(worker, request.pk)
    services.draft_edition(worker, "3.0")
    worker_account, deputy_account = (User.objects.get(pk=int(one.identifier)) for one in (worker, deputy))
    name_deputy(
        Actor.system("test"),
        worker_account,
        deputy_account,
        get_city(),
        until=timezone.now() + timedelta(days=2),
    )
    for act_as_deputy in (
        lambda actor: services.approve(actor, request.pk, date(2027, 1, 1), "Drucksache 1"),
        lambda actor: services.reject(actor, request.pk, "Nein"),
        lambda actor: services.adopt_edition(
            actor, "3.0", CouncilReference("Drucksache 1", date(2027, 1, 1), "https://rat.example/1")
        ),
    ):
        with pytest.raises(Forbidden, match=r"mitgearbeitet|entworfen"):
            act_as_deputy(Actor.for_user(deputy_account))
    assert ChangeRequest.objects.get(pk=request.pk).state == "submitted"
