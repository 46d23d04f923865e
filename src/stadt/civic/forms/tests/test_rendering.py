"""A step is written so that everybody can fill it in: labels, groups, a summary of errors with links, no script."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.civic.files.kinds import ENDINGS
from stadt.civic.forms.definition import FormDefinition, Kind
from stadt.civic.forms.models import FormVersion
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.templatetags.civic import ACCEPT
from stadt.civic.forms.tests.card import ADULT
from stadt.civic.forms.tests.test_services import SYSTEM, sent
from stadt.civic.forms.validation import clean
from stadt.civic.forms.wording import positions
from stadt.core.errors import FieldError

EVERY_KIND = [
    {"key": f"f_{kind}", "kind": str(kind), "title": f"Frage {kind}", "hint": "Ein Hinweis", "text": "Ein **Text**",
     "plain": "Leichter gefragt", "required": True,
     **({"choices": [{"value": "a", "title": "A", "hint": "h"}, {"value": "b", "title": "B"}]}
        if kind in {Kind.CHOICE, Kind.CHOICES} else {})}
    for kind in Kind
]  # fmt: skip


class Page(HTMLParser):
    """Collects ids, references to ids and controls of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.wanted |= set((found.get("aria-describedby") or "").split())
        if tag == "label":
            self.labelled.add(str(found.get("for")))
        if tag == "a" and (found.get("href") or "").startswith("#"):
            self.wanted.add(str(found["href"])[1:])
        if tag in {"input", "textarea", "select"} and found.get("type") != "hidden":
            self.controls.append({**found, "tag": tag})


def every_kind() -> FormDefinition:
    """A form with one question of every kind."""
    return read_definition({"key": "all", "title": "Alles", "steps": [{"key": "one", "fields": EVERY_KIND}]})


def written(form: FormDefinition, **more: Any) -> str:
    """The first step, written."""
    context = {
        "form": form,
        "step": form.steps[0],
        "answers": {},
        "errors": (),
        "raw": None,
        "plain": False,
        **more,
    }
    source = "{% load civic %}{% civic_step form step answers errors raw=raw plain=plain stops=stops %}"
    return str(Template(source).render(Context({"stops": (), **context})))


@pytest.mark.parametrize("is_wrong", [False, True])
def test_every_control_has_a_label_and_every_reference_a_target(is_wrong: bool, city_outlines: int) -> None:
    form = every_kind()
    errors = clean(form, {}).errors if is_wrong else []
    page = Page(written(form, errors=errors, raw=QueryDict("_shown=x") if is_wrong else None))
    assert len(page.ids) == len(set(page.ids))
    assert page.wanted <= set(page.ids)
    assert {str(control["id"]) for control in page.controls} <= page.labelled
    assert len(errors) == (len(Kind) - 1 if is_wrong else 0)


def test_an_error_in_a_date_leads_to_its_part_and_marks_the_group_only(card: FormDefinition) -> None:
    raw = QueryDict("born.day=31&born.month=2&born.year=1990")
    html = written(card, raw=raw, errors=clean(card, raw, step="person").errors)
    assert 'href="#id_born_day"' in html
    assert re.search(
        r'<fieldset[^>]*id="id_born"[^>]*aria-invalid="true"[^>]*aria-describedby="id_born-error"', html
    )
    assert not re.search(r'<input[^>]*id="id_born_day"[^>]*aria-invalid', html)
    assert 'value="31"' in html


def test_only_visible_questions_are_asked_and_computed_ones_cannot_be_entered(card: FormDefinition) -> None:
    last = {"step": card.steps[2]}
    assert 'name="days"' not in written(card, answers=ADULT, **last)
    assert 'name="days"' in written(card, answers={**ADULT, "kind": "day"}, **last)
    assert "25,50 €" in written(card, answers=ADULT, **last)
    assert 'name="fee"' not in written(card, answers=ADULT, **last)


def test_texts_come_in_plain_language_and_in_english(card: FormDefinition) -> None:
    assert "Einfach gesagt" in written(card)
    assert '<legend class="kern-label">Wann sind Sie geboren?' in written(card, plain=True)
    with translation.override("en"):
        assert "Date of birth" in written(card)


def test_what_people_type_is_text_and_nothing_else(card: FormDefinition) -> None:
    raw = QueryDict(mutable=True)
    raw.update({"email": '"><script>alert(1)</script>', "name.given_name": "<b>x</b>"})
    html = written(card, raw=raw, errors=[FieldError("email", "<i>falsch</i>")], stops=["<script>x</script>"])
    assert not re.search(r"<(script|b|i)>", html)


def test_answers_are_read_back_in_the_words_of_the_form(kept: FormVersion) -> None:
    html = Template("{% load civic %}{% civic_answers submission %}").render(Context({"submission": sent()}))
    for text in ("Geburtsdatum", "17.05.1990", "Ada Beispiel", "Für ein Jahr", "25,50 €"):
        assert text in html


def test_no_document_is_offered_that_is_refused() -> None:
    assert {ending.lstrip(".") for ending in ACCEPT["document"].split(",")} <= set(ENDINGS.values())


def test_erased_answers_say_that_they_were_erased(kept: FormVersion) -> None:
    from stadt.civic.forms.services import erase_answers

    erased = erase_answers(SYSTEM, sent().pk)
    html = Template("{% load civic %}{% civic_answers submission %}").render(Context({"submission": erased}))
    assert "gelöscht" in html
    assert "Ada" not in html


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from([f"f_{kind}" for kind in Kind] + [f"f_{kind}.{part}" for kind in ("date", "place", "area", "person") for part in ("day", "lon", "address", "geometry", "areas", "given_name")]), st.text(max_size=12)))  # fmt: skip
def test_whatever_was_sent_the_step_can_be_shown_again(city_outlines: int, raw: dict[str, str]) -> None:
    form = every_kind()
    sent_form = QueryDict(mutable=True)
    sent_form.update(raw)
    page = Page(written(form, raw=sent_form, errors=clean(form, sent_form).errors))
    assert page.wanted <= set(page.ids)


def test_the_corner_that_closes_an_area_is_counted_once() -> None:
    triangle = [[7.0, 51.5], [7.1, 51.5], [7.1, 51.6], [7.0, 51.5]]
    assert len(positions({"type": "Polygon", "coordinates": [triangle]})) == 3
    assert len(positions({"type": "LineString", "coordinates": triangle[:2]})) == 2
