"""Pages of the strategy."""

from collections.abc import Callable
from html import escape

import pytest
from django.test import Client

from stadt.apps.strategy.document import PrintedIndicator, strategy
from stadt.apps.strategy.german import find_german
from stadt.apps.strategy.public import list_measures_of_app

pytestmark = pytest.mark.django_db
GiveValues = Callable[..., None]


def page(client: Client, path: str, language: str = "de", status: int = 200) -> str:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == status, path
    return response.content.decode()


def test_the_overview_counts_what_is_printed_and_measured(client: Client, given_values: GiveValues) -> None:
    given_values(41.5)

    text = page(client, "/strategie/")

    document = strategy()
    for theme in document.themes:
        assert f"/strategie/leitthemen/{theme.slug}/" in text
        assert escape(theme.name) in text
    assert escape(document.note) in text
    assert document.as_of in text
    assert "41,5" in text


def test_every_theme_field_measure_and_indicator_has_a_page(client: Client) -> None:
    for theme in strategy().themes:
        assert escape(theme.name) in page(client, f"/strategie/leitthemen/{theme.slug}/")
        for field in theme.fields:
            assert escape(field.name) in page(client, f"/strategie/handlungsfelder/{field.slug}/")
    for measure in strategy().measures.values():
        text = page(client, f"/strategie/massnahmen/{measure.code}/")
        for printed in (
            measure.title,
            measure.period_text,
            measure.funding_text,
            measure.theme,
            measure.field,
        ):
            assert escape(printed) in text
    for indicator in strategy().indicators.values():
        text = page(client, f"/strategie/indikatoren/{indicator.code}/")
        for printed in (
            indicator.name,
            find_german(indicator.unit) or indicator.unit,
            find_german(indicator.formula) or indicator.formula,
            indicator.source,
            indicator.standard,
        ):
            assert escape(printed) in text


@pytest.mark.parametrize(
    "path",
    [
        "/strategie/leitthemen/nirgendwo/",
        "/strategie/handlungsfelder/nirgendwo/",
        "/strategie/massnahmen/M-99.9.9/",
        "/strategie/indikatoren/K99.9-99/",
    ],
)
def test_unknown_codes_are_not_found(client: Client, path: str) -> None:
    page(client, path, status=404)


def test_an_indicator_without_source_says_that_it_has_no_value(
    client: Client, own_key: str, printed: PrintedIndicator
) -> None:
    other = next(indicator for indicator in strategy().active_indicators if indicator != printed)

    text = page(client, f"/strategie/indikatoren/{other.code}/")

    assert own_key
    assert "Noch kein Wert" in text
    assert "noch keine Quelle" in text
    assert escape(other.source) in text


def test_a_live_value_stands_on_the_indicators_and_the_measures_page(
    client: Client, given_values: GiveValues, printed: PrintedIndicator, own_key: str
) -> None:
    given_values(17.0, 41.5)

    text = page(client, f"/strategie/indikatoren/{printed.code}/")
    assert "41,5" in text
    assert f"/{own_key}" in text
    assert "So entsteht diese Zahl" in text
    assert "<stadt-chart" in text
    assert "simulierten" not in text
    measure = next(m for m in strategy().measures.values() if printed.code in m.indicator_codes)
    assert "41,5" in page(client, f"/strategie/massnahmen/{measure.code}/")


def test_the_page_that_explains_a_number_leads_to_its_indicator_and_measures(
    client: Client, printed: PrintedIndicator, own_key: str
) -> None:
    text = page(client, f"/kennzahlen/{own_key}/")

    assert f'href="/strategie/indikatoren/{printed.code}/"' in text
    for measure in strategy().measures.values():
        leads = f'href="/strategie/massnahmen/{measure.code}/"' in text
        assert leads == (printed.code in measure.indicator_codes)


def test_a_number_that_the_strategy_does_not_print_leads_nowhere(client: Client, own_key: str) -> None:
    assert "In der Strategie" not in page(client, "/kennzahlen/catalogue.published_datasets/")


def test_a_simulated_value_is_marked_and_counts_for_nothing(
    client: Client, given_values: GiveValues, printed: PrintedIndicator
) -> None:
    given_values(41.5, simulated=True)

    assert "zählt nicht als IST" in page(client, f"/strategie/indikatoren/{printed.code}/")
    assert "davon 1 nur mit simulierten Werten" in page(client, "/strategie/")


def test_a_measured_indicator_without_data_says_so(
    client: Client, given_values: GiveValues, printed: PrintedIndicator
) -> None:
    given_values(None)

    text = page(client, f"/strategie/indikatoren/{printed.code}/")

    assert "Noch kein Wert" in text
    assert "misst diese Kennzahl selbst" in text


def test_an_inactive_row_leads_to_the_one_it_repeats(client: Client) -> None:
    inactive = next(indicator for indicator in strategy().indicators.values() if not indicator.is_active)

    text = page(client, f"/strategie/indikatoren/{inactive.code}/")

    assert "Nicht aktiv" in text
    assert f"/strategie/indikatoren/{inactive.repeats}/" in text


def test_a_measure_says_which_part_of_the_platform_carries_it(client: Client, own_key: str) -> None:
    carried, *_ = list_measures_of_app("strategy")
    other = next(code for code in strategy().measures if code != carried.code)

    assert own_key
    assert 'href="/strategie/"' in page(client, carried.url)
    assert "von keinem Teil der Plattform" in page(client, f"/strategie/massnahmen/{other}/")


def test_measures_are_narrowed_by_theme_goal_and_words(client: Client) -> None:
    theme = strategy().themes[0]
    measure = theme.measures[0]
    other = strategy().themes[-1].measures[0]

    text = page(
        client, f"/strategie/massnahmen/?leitthema={theme.slug}&suche={measure.code}&sdg={measure.sdgs[0]}"
    )
    assert escape(measure.title) in text
    assert escape(other.title) not in text
    assert "0 Maßnahmen gefunden" in page(client, "/strategie/massnahmen/?suche=xyzzy")


def test_a_wrong_filter_names_the_field_and_finds_nothing(client: Client) -> None:
    text = page(client, "/strategie/massnahmen/?sdg=99", status=400)

    assert "0 Maßnahmen gefunden" in text
    assert "kern-error" in text


def test_indicators_are_narrowed_to_those_with_a_value(
    client: Client, given_values: GiveValues, printed: PrintedIndicator
) -> None:
    given_values(5)

    text = page(client, "/strategie/indikatoren/?wert=ja")

    assert "1 Kennzahl gefunden" in text
    assert printed.code in text
    without = len(strategy().active_indicators) - 1
    assert f"{without} Kennzahlen gefunden" in page(client, "/strategie/indikatoren/?wert=nein")


def test_pages_speak_english_and_mark_german_titles(client: Client) -> None:
    theme = strategy().themes[0]

    text = page(client, "/strategie/", language="en")

    assert "Strategy" in text
    assert f'<span lang="de">{escape(theme.name)}</span>' in text
    measure = theme.measures[0]
    assert "Who pays" in page(client, f"/strategie/massnahmen/{measure.code}/", language="en")


def test_the_start_page_leads_to_the_strategy(client: Client, given_values: GiveValues) -> None:
    given_values(3)

    text = page(client, "/")

    assert 'href="/strategie/"' in text
    assert "1 davon misst die Plattform schon selbst." in text
