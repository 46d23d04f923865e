"""Every component tag stands in the styleguide, and what it writes is escaped and complete."""

import re

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client, RequestFactory

from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.styleguide import EXAMPLES
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn
from stadt.web.templatetags.stadt import register


def rendered(snippet: str, **context: object) -> str:
    template = engines["django"].from_string("{% load i18n stadt %}" + snippet)
    return str(template.render(context, RequestFactory().get("/x", {"q": "a b", "seite": "2"})))


def snippets() -> str:
    return "\n".join(example.snippet for examples in EXAMPLES.values() for example in examples)


@pytest.mark.parametrize("tag", sorted(register.tags))
def test_every_tag_is_shown_in_the_styleguide(tag: str) -> None:
    assert re.search(rf"{{%\s*{tag}\b", snippets())


@pytest.mark.parametrize("name", sorted(register.filters))
def test_every_filter_is_shown_in_the_styleguide(name: str) -> None:
    assert re.search(rf"\|{name}\b", snippets())


@pytest.mark.django_db
def test_the_styleguide_renders_every_example(client: Client) -> None:
    page = client.get("/styleguide/")
    assert page.status_code == 200
    count = sum(len(examples) for examples in EXAMPLES.values())
    assert page.content.decode().count('class="example"') == count


def test_titles_and_texts_are_escaped() -> None:
    page = rendered("{% card title %}{{ title }}{% endcard %}{% badge title %}", title="<b>&</b>")
    assert "<b>" not in page
    assert page.count("&lt;b&gt;") == 3


def test_a_figure_without_value_says_so() -> None:
    page = rendered('{% figure "Wahlbeteiligung" None unit="%" %}')
    assert "kein Wert" in page
    assert "0" not in re.sub(r"<[^>]*>", "", page)


def test_a_simulated_figure_is_marked_as_such() -> None:
    assert "simuliert" in rendered('{% figure "PM10" 12 simulated=True %}')
    assert "simuliert" not in rendered('{% figure "PM10" 12 %}')


def test_a_state_is_told_by_word_and_icon_besides_its_colour() -> None:
    page = rendered('{% badge "voll" "danger" %}')
    assert "voll" in page
    assert "kern-icon--danger" in page


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(KeyError):
        rendered('{% badge "voll" "red" %}')


def test_a_table_takes_mappings_sequences_and_special_cells() -> None:
    columns = [TableColumn("name", "Name"), TableColumn("value", "Wert", CellKind.NUMBER, unit="m", digits=1)]
    rows = [{"name": LinkCell("A", "/a"), "value": 1.25}, ("B", None), (StateCell("gut"), 2)]
    page = rendered('{% table columns rows "Werte" %}', columns=columns, rows=rows)
    assert '<a class="kern-link kern-link--no-visited-state" href="/a">A</a>' in page
    assert "1,2<" in page or "1,3<" in page
    assert page.count('scope="row"') == 3
    assert "–" in page


def test_an_empty_table_says_why() -> None:
    assert "Noch nichts." in rendered(
        '{% table columns rows "Werte" empty="Noch nichts." %}', columns=[], rows=[]
    )


def test_paging_keeps_the_other_parameters() -> None:
    page = rendered("{% pagination page %}", page=Paginator(range(100), 10).page(2))
    assert 'href="?q=a+b&amp;seite=3"' in page
    assert re.search(r'seite=2"\s+aria-current="page"', page)


def test_paging_of_a_single_page_is_nothing() -> None:
    assert "<nav" not in rendered("{% pagination page %}", page=Paginator(range(3), 10).page(1))


def test_a_chart_carries_its_table_with_exact_values() -> None:
    chart = Chart(
        "PM10",
        ChartKind.LINE,
        (ChartColumn("Tag", ColumnKind.CATEGORY), ChartColumn("PM10", unit="µg/m³", digits=1)),
        [["Montag", 12.345], ["Dienstag", None]],
        simulated=True,
    )
    page = rendered("{% stadt_chart chart %}", chart=chart)
    assert 'data-v="12.345">12,3</td>' in page
    assert 'data-v="">–</td>' in page
    assert "PM10 (µg/m³)" in page
    assert "simuliert" in page


def test_a_chart_without_values_says_so_instead_of_drawing() -> None:
    chart = Chart("PM10", ChartKind.LINE, (ChartColumn("Tag"), ChartColumn("PM10")), [])
    page = rendered("{% stadt_chart chart %}", chart=chart)
    assert "<stadt-chart" not in page
    assert "keine Werte" in page


def test_a_chart_with_a_ragged_row_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 2 cells"):
        Chart("PM10", ChartKind.LINE, (ChartColumn("Tag"), ChartColumn("PM10")), [["Montag"]])


def test_markdown_shows_html_as_text_and_drops_script_links() -> None:
    page = rendered("{{ text|markdown }}", text="<script>x</script> [a](javascript:alert(1)) **b**")
    assert "<script>" not in page
    assert "href" not in page
    assert "<strong>b</strong>" in page


@pytest.mark.django_db
def test_no_page_of_the_shell_has_inline_script_or_style(client: Client) -> None:
    for address in ("/styleguide/", "/suche", "/konto/login/", "/impressum/"):
        page = client.get(address).content.decode()
        assert not re.search(r"\sstyle=|\son\w+=|<style", page)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
