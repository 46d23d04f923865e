"""Who entered or confirmed a figure is told to that person, and forgotten when asked; the figure stays."""

import pytest

from stadt.core.people.models import User
from stadt.hub.datasets.kept.who import ERASED
from stadt.hub.indicators import privacy, queries
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import ValueDraft
from stadt.hub.indicators.kept.rights import ENTER
from stadt.hub.indicators.kept.tests.office import Office, person
from stadt.hub.indicators.models import DefinitionVersion, Entry, FigureFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    user = User.objects.create_user(email="anna@example.org")
    office = Office()
    office.define()
    clerk = person(user.pk, office.organisation, ENTER)
    entry = services.enter_value(clerk, "city.deaths", ValueDraft("2024", numerator=3, denominator=259_645))
    services.confirm_value(office.confirmer, entry.pk)
    office.enter(period="2023", numerator=1, denominator=259_645)
    services.take_file(clerk, "city.deaths", "tote.csv", [b"a;b\n"])
    services.take_file(office.enterer, "city.deaths", "andere.csv", [b"a;b\n"])
    return user


def test_a_person_is_told_in_what_she_had_a_part(anna: User) -> None:
    told = privacy.export(anna)
    assert [(item["key"], item["part"]) for item in told["figures"]] == [("city.deaths", ["entered_by"])]
    assert [item["filename"] for item in told["figure_files"]] == ["tote.csv"]
    assert told["definitions"] == told["thresholds"] == []


def test_a_person_is_forgotten_and_others_and_the_figures_are_not(anna: User) -> None:
    privacy.erase(anna)
    assert privacy.export(anna)["figures"] == []
    assert sorted(Entry.objects.values_list("entered_by", flat=True)) == [ERASED, "user:302"]
    assert sorted(FigureFile.objects.values_list("received_by", flat=True)) == [ERASED, "user:302"]
    assert DefinitionVersion.objects.get().defined_by == "user:301"
    assert queries.history("city.deaths")[0].numerator == 3


def test_when_both_who_decided_are_forgotten_the_figure_still_stands(anna: User) -> None:
    Entry.objects.filter(decided_by="user:303").update(decided_by=f"user:{anna.pk}0")
    other = User.objects.create_user(email="otto@example.org", pk=int(f"{anna.pk}0"))
    for user in (anna, other):
        privacy.erase(user)
    assert Entry.objects.get(decision="confirmed").decided_by == ERASED
