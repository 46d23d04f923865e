"""Every German text has its English translation, and the check notices what is missing or left over."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

import messages
from finding import ROOT

from .conftest import Plant

PO = "apps/waste/locale/en/LC_MESSAGES/django.po"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
TITLES = 'msgid "Abfall"\nmsgstr "Waste"\n\n'
TREES = HEADER + 'msgid "Baum"\nmsgstr "Tree"\n'
VIEW = 'from django.utils.translation import gettext as _\n\nTITLE = _("Füllstand")\n'
FILL_LEVEL = 'msgid "Füllstand"\nmsgstr "Fill level"\n\n'


@pytest.fixture(autouse=True)
def _translated(plant: Plant) -> None:
    """The two apps of the small tree with their titles translated."""
    plant(PO, HEADER + TITLES)
    plant("apps/trees/locale/en/LC_MESSAGES/django.po", TREES)


def findings(tree: Path) -> list[str]:
    return [f"{finding.rule}: {finding.advice}" for finding in messages.check(tree)]


def test_every_text_of_the_tree_is_translated() -> None:
    assert [str(finding) for finding in messages.check(ROOT)] == []


def test_a_translated_app_has_no_findings(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW)
    plant(PO, HEADER + TITLES + FILL_LEVEL)
    assert findings(tree) == []


def test_an_untranslated_text_is_found_with_its_line(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW)
    (finding,) = messages.check(tree)
    assert (finding.rule, finding.file, finding.line) == (
        "untranslated text",
        "src/stadt/apps/waste/views.py",
        3,
    )


def test_an_empty_translation_counts_as_missing(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW)
    plant(PO, HEADER + TITLES + 'msgid "Füllstand"\nmsgstr ""\n')
    assert findings(tree)[0].startswith("untranslated text: add „Füllstand“")


def test_a_text_inside_an_f_string_is_a_text_too(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW.replace('_("Füllstand")', "f\"{_('Füllstand')}:\""))
    (finding,) = findings(tree)
    assert finding.startswith("untranslated text: add „Füllstand“")


def test_two_apps_that_translate_a_text_differently_are_found(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW)
    plant("apps/trees/views.py", VIEW)
    plant(PO, HEADER + TITLES + FILL_LEVEL)
    plant("apps/trees/locale/en/LC_MESSAGES/django.po", TREES + '\nmsgid "Füllstand"\nmsgstr "Level"\n')
    (finding,) = findings(tree)
    assert finding.startswith("two translations: „Füllstand“ is „Level“ in src/stadt/apps/trees/")


def test_another_app_s_translation_does_not_count(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW)
    plant("apps/trees/locale/en/LC_MESSAGES/django.po", TREES + "\n" + FILL_LEVEL)
    assert sorted(text.split(":")[0] for text in findings(tree)) == ["text not in use", "untranslated text"]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("<p title=\"{% translate 'Füllstand' %}\">it's</p>", "Füllstand"),
        ("  <ul>\n      <li>{% blocktranslate %}Es sind {{ n }}{% endblocktranslate %}", "Es sind %(n)s"),
        ('{% include "x" with title=_("Füllstand") %}', "Füllstand"),
        ("{% blocktranslate count n=n %}Ein Ort{% plural %}{{ n }} Orte{% endblocktranslate %}", "Ein Ort"),
        ('{% translate "Füllstand" context "Behälter" %}', "Füllstand"),
    ],
)
def test_texts_in_templates_are_collected(tree: Path, plant: Plant, template: str, text: str) -> None:
    plant("apps/waste/templates/waste/overview.html", "{% load i18n %}\n" + template)
    assert findings(tree) == [
        f"untranslated text: add „{text}“ to src/stadt/{PO} (tools/messages.py extract --write)"
    ]


def test_titles_of_declarations_are_texts(tree: Path, plant: Plant) -> None:
    plant(
        "apps/waste/manifest.py",
        'PLAN = Permission("waste.plan", "Touren planen")\nPAGE = Page("x", path="", title="Übersicht")\n',
    )
    assert [text.split("“")[0] for text in findings(tree)] == [
        "untranslated text: add „Touren planen",
        "untranslated text: add „Übersicht",
    ]


def test_labels_of_choices_keywords_and_reasons_are_texts(tree: Path, plant: Plant) -> None:
    plant(
        "apps/waste/models.py",
        """
        class Kind(models.TextChoices):
            PAPER = "paper", "Papier"

        CONTAINERS = Dataset("waste.containers", "Behälter", rows=rows, keywords=("Müll",))
        NOTHING = "Noch keine Messwerte."
        FIGURE = Figure.missing(NOTHING)
        """,
    )
    found = {text.id for text in messages.texts_of(tree / "src/stadt/apps/waste", tree)}
    assert found == {"Abfall", "Papier", "Behälter", "Müll", "Noch keine Messwerte."}


def test_tests_are_not_searched_for_texts(tree: Path, plant: Plant) -> None:
    plant("apps/waste/tests/test_views.py", VIEW)
    assert findings(tree) == []


def test_placeholders_agree(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", '_("%(count)s von {total}")\n')
    plant(PO, HEADER + TITLES + 'msgid "%(count)s von {total}"\nmsgstr "{total} of %(number)s"\n')
    assert findings(tree) == ["placeholders differ: „%(count)s von {total}“ and „{total} of %(number)s“"]


def test_a_plural_may_leave_out_the_number_in_the_singular(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", 'ngettext("Ein Ort", "%(n)s Orte", n)\n')
    plant(
        PO,
        HEADER
        + TITLES
        + 'msgid "Ein Ort"\nmsgid_plural "%(n)s Orte"\nmsgstr[0] "One place"\nmsgstr[1] "%(n)s places"\n',
    )
    assert findings(tree) == []


def test_a_plural_needs_both_forms(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", 'ngettext("Ein Ort", "%(n)s Orte", n)\n')
    plant(
        PO,
        HEADER + TITLES + 'msgid "Ein Ort"\nmsgid_plural "%(n)s Orte"\nmsgstr[0] "One place"\nmsgstr[1] ""\n',
    )
    assert [text.split(":")[0] for text in findings(tree)] == ["untranslated text"]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ('#, fuzzy\nmsgid "Füllstand"\nmsgstr "Fill level"\n', "fuzzy translation"),
        (FILL_LEVEL + 'msgid "Alt"\nmsgstr "Old"\n', "text not in use"),
        (FILL_LEVEL + '#~ msgid "Alt"\n#~ msgstr "Old"\n', "obsolete translation"),
    ],
)
def test_nothing_fuzzy_unused_or_obsolete_stays(tree: Path, plant: Plant, entry: str, rule: str) -> None:
    plant("apps/waste/views.py", VIEW)
    plant(PO, HEADER + TITLES + entry)
    assert [text.split(":")[0] for text in findings(tree)] == [rule]


def test_extract_adds_new_texts_keeps_translations_and_drops_the_rest(tree: Path, plant: Plant) -> None:
    plant("apps/waste/views.py", VIEW + '_("Leerung")\nngettext("Ein Ort", "%(n)s Orte", n)\n')
    path = plant(PO, HEADER + TITLES + FILL_LEVEL + 'msgid "Alt"\nmsgstr "Old"\n')
    messages.extract(tree, write=True)
    written = path.read_text("utf-8")
    assert 'msgid "Füllstand"\nmsgstr "Fill level"\n' in written
    assert 'msgid "Leerung"\nmsgstr ""\n' in written
    assert "Alt" not in written
    messages.extract(tree, write=True)
    assert path.read_text("utf-8") == written


def test_compiled_translations_are_used(tree: Path, plant: Plant) -> None:
    plant(
        PO,
        HEADER
        + TITLES
        + 'msgid "Ein Ort"\nmsgid_plural "%(n)s Orte"\nmsgstr[0] "One place"\nmsgstr[1] "%(n)s places"\n',
    )
    messages.compile_all(tree)
    with (tree / "src/stadt" / PO).with_suffix(".mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("Abfall") == "Waste"
    assert english.ngettext("Ein Ort", "%(n)s Orte", 2) == "%(n)s places"
