"""The JSON Schema takes every set of answers that the form takes, and is a schema of draft 2020-12."""

import jsonschema_rs
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.models import FormVersion
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.schema import json_schema
from stadt.civic.forms.tests.card import ADULT, CARD, CHILD
from stadt.civic.forms.tests.test_rendering import every_kind
from stadt.civic.forms.validation import clean

TEXTS = st.sampled_from(
    ["", "Ada", "a\nb", "12", "1,5", "ja", "nein", "a", "b", "2024-02-29", "ada@beispiel.de", "0209 1"]
)


def test_the_schema_is_one_of_draft_2020_12() -> None:
    for form in (read_definition(CARD), every_kind()):
        jsonschema_rs.meta.validate(json_schema(form))


@pytest.mark.parametrize("sent", [ADULT, CHILD, {**ADULT, "kind": "day", "days": 3, "email": "a@b.de"}])
def test_answers_that_the_form_takes_meet_the_schema(card: FormDefinition, sent: dict[str, object]) -> None:
    found = clean(card, sent)
    assert not found.errors
    jsonschema_rs.validator_for(json_schema(card)).validate(found.answers)


def test_the_schema_refuses_what_is_unknown_or_missing(card: FormDefinition) -> None:
    validator = jsonschema_rs.validator_for(json_schema(card))
    for wrong in (
        {**ADULT, "more": 1},
        {"kind": "year"},
        {**ADULT, "kind": "lost"},
        {**ADULT, "born": "17.5.1990"},
    ):
        assert not validator.is_valid(wrong)


@given(st.dictionaries(st.sampled_from([item.key for item in every_kind().fields()]), TEXTS))
def test_whatever_was_taken_meets_the_shape_of_its_field(raw: dict[str, str]) -> None:
    form = every_kind()
    schema = {**json_schema(form), "required": []}
    jsonschema_rs.validator_for(schema).validate(clean(form, raw).answers)


def test_the_schema_has_an_address(kept: FormVersion, client: Client) -> None:
    listed = client.get("/api/v1/forms").json()["forms"]
    assert [form["schema_url"] for form in listed if form["key"] == "card"] == ["/api/v1/forms/card/schema"]
    answer = client.get("/api/v1/forms/card/schema")
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert answer.json()["x-version"] == 1
    for unknown in ("nothing", "a%00b", "%F0%9F%98%80"):
        assert client.get(f"/api/v1/forms/{unknown}/schema").status_code == 404
