"""The card: what may stand in each field, and that nothing else ever does."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core import outbound
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.hub.datasets import queries as public
from stadt.hub.datasets.declaration import Dataset, Licence, Theme
from stadt.hub.datasets.kept import jobs, queries, services
from stadt.hub.datasets.kept.card import FIELDS, read_card
from stadt.hub.datasets.kept.declared import draft_of
from stadt.hub.datasets.kept.tests.office import CARD, KEY, TREES, Office, kept_now
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.tests.probe import Source, containers_of, declare

pytestmark = pytest.mark.django_db

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=3),
    st.dictionaries(st.text(), st.text(), max_size=2), st.sampled_from(["public", "upload", "ENVI", "2026-02-30"]),
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(st.sampled_from([*FIELDS, "state", "live_access", "id"]), ANYTHING, max_size=4)
)
def test_whatever_is_given_is_kept_as_it_is_shown_or_refused_by_name(
    office: Office, changes: dict[str, Any]
) -> None:
    kept = KeptDataset.objects.filter(key=KEY).first() or office.start()
    before = (kept.state, kept.live_access)
    named = {"temporal_end"}
    try:
        services.change_card(office.keeper, KEY, kept_now().revision, changes)
    except Invalid as refused:
        named = {item.field for item in refused.fields}
    assert named
    assert named <= {*changes, "temporal_end"}
    after = kept_now()
    assert (after.state, after.live_access) == before
    assert isinstance(draft_of(after), Dataset)


def test_a_field_that_is_wrong_leaves_the_others_unchanged(office: Office) -> None:
    office.start()
    with pytest.raises(Invalid) as refused:
        services.change_card(office.keeper, KEY, 1, {"title": "Neu", "theme": "NICHTS", "contact": "kein"})
    assert [item.field for item in refused.value.fields] == ["theme", "contact"]
    assert (kept_now().title, kept_now().revision) == ("Bäume", 1)


@pytest.mark.parametrize(
    "key", ["", "ohnepunkt", "A.b", "a.b.c", "a..b", "../x.y", "x.rdf", "x.csv", None, 7, "a.ü"]
)
def test_a_key_has_the_form_of_a_key(office: Office, key: Any) -> None:
    with pytest.raises(Invalid) as refused:
        office.start(key=key)
    assert refused.value.fields[0].field == "key"


def test_a_key_that_an_app_declared_or_somebody_took_is_not_taken_again(office: Office) -> None:
    declare(containers_of(Source([])))
    try:
        with pytest.raises(Invalid):
            office.start(key="probe.containers")
    finally:
        from stadt.core.registry import registry

        registry.apps.pop("probe")
    office.start()
    with pytest.raises(Invalid):
        office.start()


def test_a_time_that_ends_before_it_begins_is_refused(office: Office) -> None:
    office.start(temporal_start="2026-01-01")
    with pytest.raises(Invalid) as refused:
        services.change_card(office.keeper, KEY, 1, {"temporal_end": "2025-12-31"})
    assert refused.value.fields[0].field == "temporal_end"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://beispiel.de/x",
        "https://",
        "https://user:geheim@beispiel.de/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.0.0.7/daten.csv",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:8000/",
        "http://intranet/",
        "http://server.intern/",
        "http://2130706433/",
        "https://beispiel.de:99999/",
        "javascript:alert(1)",
        "https://beispiel.de/a b",
    ],
)
def test_an_address_that_is_none_or_lies_inside_is_refused_without_asking(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_card({"link_url": url})
    assert refused.value.fields[0].field == "link_url"


LINK = {"kind": "link", "link_url": "https://daten.beispiel.de/trees.csv", "link_format": "CSV"}


def answering(monkeypatch: pytest.MonkeyPatch, status: int) -> list[str]:
    asked: list[str] = []

    def fetch(method: str, url: str, **_: object) -> outbound.Answer:
        asked.append(f"{method} {url}")
        if status == 0:
            raise outbound.OutboundError(
                "daten.beispiel.de liegt in einem privaten Netz und wird nicht abgefragt."
            )
        return outbound.Answer(status, {}, b"", url)

    monkeypatch.setattr(outbound, "fetch", fetch)
    return asked


def test_a_link_is_published_with_its_address_and_without_rows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, 200)
    office.start(**LINK)
    office.review()
    assert asked == [f"HEAD {LINK['link_url']}"]
    dataset = public.find_public(KEY)
    assert dataset is not None
    assert dataset.kept is not None
    assert dataset.kept.link is not None
    assert (dataset.kept.link.url, dataset.columns) == (LINK["link_url"], ())
    assert public.find_latest(KEY) is None
    with pytest.raises(Conflict):
        services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])


@pytest.mark.parametrize("status", [0, 404, 500])
def test_a_link_that_does_not_answer_is_not_submitted(
    office: Office, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    answering(monkeypatch, status)
    office.start(**LINK)
    with pytest.raises(Invalid) as refused:
        services.submit_for_review(office.keeper, KEY, 1)
    assert refused.value.fields[0].field == "link_url"
    assert kept_now().state == "draft"


def test_a_published_link_is_asked_again_and_its_problem_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, 405)
    office.start(**LINK)
    office.review()
    answering(monkeypatch, 404)
    jobs.check_links()
    assert kept_now().link_problem == "Die Adresse antwortet mit dem Fehler 404."
    assert kept_now().state == "published"


def test_a_published_card_says_what_the_declaration_of_an_app_says(office: Office) -> None:
    office.publish(
        frequency="ANNUAL",
        temporal_start=date(2026, 1, 1),
        spatial="01001000",
        high_value="MOBILITY",
        contact="a@b.de",
    )
    found = public.find_public(KEY)
    assert found is not None
    assert found.kept is not None
    assert (found.theme, found.licence) == (Theme.ENVI, Licence.DL_DE_ZERO_2)
    assert (found.publisher, found.contact, found.keywords) == ("Grünflächen", "a@b.de", ("Baum", "Grün"))
    assert (found.kept.frequency, found.kept.temporal_start) == ("ANNUAL", date(2026, 1, 1))
    assert found.refresh.days == 365


def test_simulated_rows_are_told_as_such_and_make_another_content(office: Office) -> None:
    office.publish(is_simulated=True)
    assert public.get_snapshot(KEY).simulated_count == 2
    services.change_card(office.keeper, KEY, kept_now().revision, {"is_simulated": False})
    office.deliver()
    office.review()
    assert (public.get_snapshot(KEY).number, public.get_snapshot(KEY).simulated_count) == (2, 0)


def test_one_key_is_one_query(office: Office, django_assert_num_queries: Any) -> None:
    office.publish()
    with django_assert_num_queries(1):
        public.find_public(KEY)
    with django_assert_num_queries(1):
        public.list_public([KEY, "probe.other", "probe.third"])


def test_who_may_see_what_in_the_workshop(office: Office) -> None:
    office.publish(access="internal")
    office.start(key="probe.draft")
    assert {kept.key for kept in queries.list_kept(office.keeper).items} == {KEY, "probe.draft"}
    assert [kept.key for kept in queries.list_kept(office.reader).items] == [KEY]
    assert queries.list_kept(office.stranger).items == []
    assert queries.list_kept(Actor.anonymous()).items == []
    with pytest.raises(NotFound):
        queries.get_kept(office.reader, "probe.draft")
    with pytest.raises(NotFound):
        queries.list_deliveries(office.stranger, KEY)


def test_lists_are_filtered_searched_and_paged(office: Office) -> None:
    for number in range(27):
        office.start(key=f"probe.n{number}", title=f"Baum {number}")
    office.start(access="internal")
    assert queries.list_kept(office.keeper).total == 28
    assert queries.list_kept(office.keeper).last == 2
    assert len(queries.list_kept(office.keeper, page=2).items) == 3
    assert queries.list_kept(office.keeper, words="baum 26").total == 1
    assert [kept.key for kept in queries.list_kept(office.keeper, access="internal").items] == [KEY]
    assert queries.list_kept(office.keeper, state="review").total == 0


def test_what_happened_is_told_by_name(office: Office) -> None:
    office.publish()
    titles = [item.title for item in queries.events_of(KEY)]
    assert titles == [
        "Datensatz freigegeben",
        "Datensatz zur Prüfung gegeben",
        "Lieferung vorbereitet",
        "Lieferung gelesen",
        "Lieferung eines Datensatzes angenommen",
        "Datensatz angelegt",
    ]
    assert queries.events_of(KEY)[0].who == "ein gelöschtes Konto"


def test_who_may_not_keep_datasets_starts_none(office: Office) -> None:
    for actor, error in (
        (office.approver, Forbidden),
        (office.stranger, Forbidden),
        (Actor.anonymous(), SignInNeeded),
    ):
        with pytest.raises(error):
            services.start_dataset(actor, office.organisation.pk, CARD)
    assert not KeptDataset.objects.exists()


def test_the_database_itself_refuses_to_show_what_is_about_persons(office: Office) -> None:
    from django.db import IntegrityError, transaction

    office.start()
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptDataset.objects.update(live_access="personal")
    assert connection.is_usable()
