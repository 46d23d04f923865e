"""Pages of the record: what everybody sees, and the way of a change request through the offices."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from stadt.apps.strategy.record import access, services, store
from stadt.apps.strategy.record.changes import patched
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services import ChangeDraft
from stadt.apps.strategy.teams.services import add_member
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

Person = Callable[..., Actor]
pytestmark = pytest.mark.usefixtures("imported")


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.identifier))
    return client


def approved_title(person: Person, code: str, title: str) -> ChangeRequest:
    officer, board = person("strategy.propose"), person("strategy.approve", "strategy.see_internal")
    request = services.open_change_request(officer, "Neuer Titel", "Streng vertraulicher Grund")
    services.put_change(officer, request.pk, ChangeDraft("change_measure", code, {"title": title}))
    services.submit(officer, request.pk)
    return services.approve(board, request.pk, date(2024, 1, 1), "Drucksache 7")


@pytest.mark.parametrize("name", ["editions", "as_of", "difference"])
def test_everybody_opens_the_pages_of_editions(client: Client, name: str) -> None:
    assert client.get(reverse(f"strategy:{name}")).status_code == 200


def test_every_item_and_version_has_an_address_of_its_own(client: Client) -> None:
    content: Content = strategy_at()

    for code in [
        next(iter(items))
        for items in (content.visions, content.goals, content.measures, content.indicators)
        if items
    ]:
        assert client.get(reverse("strategy:history", args=[code])).status_code == 200
        assert client.get(reverse("strategy:version", args=[code, 1])).status_code == 200
    assert client.get(reverse("strategy:history", args=["M-99.9.9"])).status_code == 404
    assert client.get(reverse("strategy:version", args=[next(iter(content.measures)), 2])).status_code == 404


def test_the_public_sees_what_was_decided_and_by_what_but_not_the_request(
    client: Client, person: Person
) -> None:
    code = next(iter(strategy_at().measures))
    request = approved_title(person, code, "Ganz neuer Titel")

    difference = client.get(reverse("strategy:difference"), {"von": "1.0"}).content.decode()
    history = client.get(reverse("strategy:history", args=[code])).content.decode()
    version = client.get(reverse("strategy:version", args=[code, 2])).content.decode()

    assert "Ganz neuer Titel" in difference
    assert "Drucksache 7" in history
    assert "Ganz neuer Titel" in version
    for page in (difference, history, version):
        assert "vertraulicher" not in page
        assert "Person " not in page
    assert client.get(reverse("strategy:request", args=[request.pk])).status_code == 302


def test_the_api_tells_the_same_to_everybody(client: Client, person: Person) -> None:
    code = next(iter(strategy_at().measures))
    approved_title(person, code, "Ganz neuer Titel")

    assert [one["name"] for one in client.get("/api/v1/strategy/editions").json()["items"]] == ["1.0"]
    found = client.get("/api/v1/strategy/difference", {"from": "1.0"}).json()
    assert (found["counts"], found["changes"][0]["code"]) == ({"changed": 1}, code)
    history = client.get(f"/api/v1/strategy/items/{code}/history").json()["items"]
    assert [one["decision_reference"] for one in history] == ["", "Drucksache 7"]
    printed = client.get("/api/v1/strategy/content", {"edition": "1.0"}).json()["items"]
    assert len(printed) == len(strategy_at(edition="1.0"))
    assert "vertraulich" not in str([found, history])


def test_a_day_that_is_none_is_refused_with_a_sentence(client: Client) -> None:
    assert client.get(reverse("strategy:as_of"), {"tag": "gestern"}).status_code == 400
    assert client.get(reverse("strategy:difference"), {"von": "\x00"}).status_code == 404


def test_a_draft_of_an_edition_is_internal(client: Client, person: Person) -> None:
    services.draft_edition(person("strategy.publish"), "2.0")
    inside = signed_in(person("strategy.see_internal"))

    assert client.get(reverse("strategy:edition", args=["2.0"])).status_code == 404
    assert client.get("/api/v1/strategy/content", {"edition": "2.0"}).status_code == 422
    assert inside.get(reverse("strategy:edition", args=["2.0"])).status_code == 200


def test_a_request_goes_its_way_by_forms_alone(person: Person) -> None:
    code = next(iter(strategy_at().measures))
    officer = signed_in(person("strategy.propose"))
    board = signed_in(person("strategy.approve", "strategy.see_internal"))

    begun = officer.post(
        reverse("strategy:request_new"), {"title": "Verschieben", "reason": "Andere Reihenfolge"}
    )
    page = begun["Location"]
    put = reverse("strategy:request_change", args=[int(page.rstrip("/").rpartition("/")[2])])
    assert officer.get(put, {"art": "reschedule", "code": code}).status_code == 200
    sent = officer.post(f"{put}?art=reschedule&code={code}", {"period": "2031-2032", "reason": "später"})
    assert sent["Location"] == page
    assert officer.post(page, {"action": "comment", "text": "Bitte bald"}).status_code == 302
    assert officer.post(page, {"action": "submit"}).status_code == 302
    revision = ChangeRequest.objects.get().revision
    assert "Beschließen" in board.get(page).content.decode()
    decided = board.post(
        page,
        {
            "action": "approve",
            "valid_from": "2027-01-01",
            "decision_reference": "Drucksache 9",
            "revision": revision,
        },
    )

    assert decided.status_code == 302
    measure = strategy_at(date(2027, 1, 1)).measures[code]
    assert (measure.period.text, measure.period.start) == ("2031-2032", date(2031, 1, 1))


@pytest.mark.parametrize(
    "kind", ["change_measure", "reschedule", "strike", "move_state", "add_measure", "change_indicator",
             "add_indicator", "change_text", "add_annotation"]
)  # fmt: skip
def test_every_kind_of_change_has_a_form(person: Person, kind: str) -> None:
    actor = person("strategy.propose")
    content = strategy_at()
    request = services.open_change_request(actor, "Alles", "Alles")
    code = {
        "add_measure": next(iter(content.fields)), "add_indicator": next(iter(content.fields)),
        "change_indicator": next(iter(content.indicators)), "change_text": next(iter(content.themes)),
        "add_annotation": "",
    }.get(kind, next(iter(content.measures)))  # fmt: skip

    answer = signed_in(actor).get(
        reverse("strategy:request_change", args=[request.pk]), {"art": kind, "code": code}
    )

    assert answer.status_code == 200
    assert b"In den Antrag stellen" in answer.content


def test_a_form_sent_back_as_it_was_changes_nothing(person: Person) -> None:
    actor, code = person("strategy.propose"), next(iter(strategy_at().measures))
    request = services.open_change_request(actor, "Nichts", "Nichts")
    put = f"{reverse('strategy:request_change', args=[request.pk])}?art=change_measure&code={code}"
    form = signed_in(actor).get(put).context["form"]
    unchanged = {name: value for name, value in form.initial.items() if value is not None}

    answer = signed_in(actor).post(put, {**unchanged, "reason": ""})

    assert answer.status_code == 422
    assert not request.changes.exists()


def test_others_do_not_learn_that_a_request_exists(person: Person) -> None:
    request = services.open_change_request(person("strategy.propose"), "Geheim", "Geheim")
    stranger = signed_in(person())

    assert stranger.get(reverse("strategy:request", args=[request.pk])).status_code == 404
    assert (
        stranger.post(reverse("strategy:request", args=[request.pk]), {"action": "submit"}).status_code == 404
    )
    assert "Geheim" not in stranger.get(reverse("strategy:requests")).content.decode()
    assert stranger.get(reverse("strategy:request_new")).status_code == 403


def test_the_list_of_requests_asks_the_same_few_questions_however_long_it_is(
    person: Person, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    member, officer = person("strategy.propose"), person("strategy.propose")
    first, second = list(strategy_at().measures)[:2]
    add_member(Actor.system("test"), first, member.user_id or 0, "member", "stadt")
    for number, code in enumerate((first, second, first, second)):
        request = services.open_change_request(officer, f"Antrag {number}", "Grund")
        services.put_change(officer, request.pk, ChangeDraft("change_measure", code, {"title": "Neu"}))
    services.withdraw(officer, ChangeRequest.objects.latest("pk").pk - 1)
    services.open_change_request(member, "Eigener Antrag", "Grund")

    with django_assert_max_num_queries(4):
        shown = [one.title for one in access.list_requests(member)]

    assert shown == ["Eigener Antrag", "Antrag 0", "Antrag 2"]
    everything = ChangeRequest.objects.all()
    assert {one.pk for one in everything if access.may_see_request(member, one)} == set(
        access.list_requests(member).values_list("pk", flat=True)
    )
    page = signed_in(member).get(reverse("strategy:requests")).content.decode()
    assert "Antrag 0" in page
    assert "Antrag 1" not in page


def test_a_form_sent_back_keeps_line_ends_and_what_the_lists_do_not_offer(person: Person) -> None:
    actor, code = person("strategy.propose"), next(iter(strategy_at().indicators))
    moment = store.lock()
    store.rewrite(
        code,
        lambda item: patched(item, {"formula": "erste Zeile\nzweite Zeile", "interval": "P6M"}),
        date(2021, 1, 1),
        store.Mark(moment, "system:test"),
    )
    request = services.open_change_request(actor, "Nichts", "Nichts")
    put = f"{reverse('strategy:request_change', args=[request.pk])}?art=change_indicator&code={code}"
    form = signed_in(actor).get(put).context["form"]
    unchanged = {name: value for name, value in form.initial.items() if value not in (None, False)}
    sent = {**unchanged, "formula": "erste Zeile\r\nzweite Zeile", "unit": "Stück", "reason": ""}

    assert signed_in(actor).post(put, sent).status_code == 302

    assert request.changes.get().fields == {"unit": "Stück"}


def test_an_edition_is_compared_by_its_name_whatever_signs_are_in_it(client: Client, person: Person) -> None:
    services.draft_edition(person("strategy.publish"), "2.0 & mehr")
    inside = signed_in(person("strategy.see_internal"))

    page = inside.get(reverse("strategy:difference"), {"von": "2.0 & mehr"})

    assert page.context["json_url"].endswith("?from=2.0+%26+mehr&to=heute")


def test_a_measure_leads_to_its_theme_and_field_also_after_these_were_renamed(client: Client) -> None:
    content = strategy_at()
    measure = next(iter(content.measures.values()))
    field = content.fields[measure.field]
    moment = store.lock()
    for code in (field.code, field.theme):
        store.rewrite(
            code,
            lambda item: patched(item, {"title": f"Neu {item.code}"}),
            date(2021, 1, 1),
            store.Mark(moment, "system:test"),
        )

    place = client.get(reverse("strategy:measure", args=[measure.code])).context["place"]

    assert place["theme"] == f"Neu {field.theme}"
    assert [client.get(place[name]).status_code for name in ("theme_url", "field_url")] == [200, 200]


def test_an_edition_is_prepared_by_one_and_its_decision_recorded_by_another(person: Person) -> None:
    drafter = person("strategy.publish", "strategy.adopt", "strategy.see_internal")
    council = person("strategy.adopt", "strategy.see_internal")
    given = {"name": "2.0", "valid_on": "2026-11-01", "note": "Fortschreibung"}
    paper = {"paper": "26-31/77", "date": "2026-11-20", "link": ""}

    made = signed_in(drafter).post(reverse("strategy:edition_new"), given)

    assert made.headers["Location"] == reverse("strategy:edition", args=["2.0"])
    address = reverse("strategy:edition_decide", args=["2.0"])
    assert Client().get(reverse("strategy:edition", args=["2.0"])).status_code == 404
    assert signed_in(drafter).post(address, paper).status_code == 403
    assert signed_in(council).post(address, {**paper, "link": "javascript:alert(1)"}).status_code == 422
    assert signed_in(council).post(address, paper).status_code == 302
    assert "26-31/77" in Client().get(reverse("strategy:edition", args=["2.0"])).content.decode()
    assert signed_in(council).post(address, paper).status_code == 409


@pytest.mark.parametrize("name", ["", "neu", "heute", "2026-11-29", "a/b", "x" * 41, "a\x00b"])
def test_a_name_that_is_no_address_of_its_own_is_refused_beside_the_field(person: Person, name: str) -> None:
    drafter = person("strategy.publish")

    answer = signed_in(drafter).post(
        reverse("strategy:edition_new"), {"name": name, "valid_on": "2026-11-01", "note": ""}
    )

    assert answer.status_code == 422
