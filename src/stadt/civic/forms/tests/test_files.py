"""Files of a form belong to its draft, move to what was sent, and go with it."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stadt.civic.files.models import StoredFile
from stadt.civic.forms.models import Draft
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.services import discard_draft, erase_answers, keep_form, save_step, start_draft, submit
from stadt.core.errors import Invalid
from stadt.core.people.actor import Actor

SYSTEM = Actor.system("command:test")
FORM = {
    "key": "proof",
    "title": "Nachweis",
    "steps": [
        {
            "key": "one",
            "fields": [
                {"key": "name", "kind": "text", "title": "Name", "required": True},
                {"key": "photos", "kind": "photo", "title": "Fotos", "maximum": 2},
                {"key": "hidden", "kind": "photo", "title": "Nie gefragt", "visible": "name == 'nie'"},
            ],
        }
    ],
}


@pytest.fixture
def secret(db: None, tmp_path: Any, settings: Any) -> str:
    """The secret of a new draft."""
    keep_form(SYSTEM, read_definition(FORM))
    return start_draft(None, "proof")[1]


def photo(colour: str = "red") -> SimpleUploadedFile:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return SimpleUploadedFile("Bild.png", content.getvalue(), "image/png")


def subjects() -> list[str]:
    """To what each kept file belongs, without its number."""
    return sorted(StoredFile.objects.values_list("subject", flat=True))


def test_photos_stay_although_another_answer_is_wrong(secret: str) -> None:
    result = save_step(secret, "one", {"name": ""}, {"photos": [photo()]})
    assert [error.field for error in result.errors] == ["name"]
    assert len(result.answers["photos"]) == 1
    assert save_step(secret, "one", {"name": "Ada"}).next_step is None
    submission = submit(secret)
    assert len(submission.answers["photos"]) == 1
    assert subjects() == [f"submission:{submission.pk}"]


def test_more_files_than_the_field_takes_are_refused_and_none_is_kept(secret: str) -> None:
    result = save_step(secret, "one", {"name": "Ada"}, {"photos": [photo(), photo(), photo()]})
    assert [error.field for error in result.errors] == ["photos"]
    assert not StoredFile.objects.exists()


def test_what_is_no_photo_is_refused_beside_its_field(secret: str) -> None:
    page = SimpleUploadedFile("Bild.png", b"<script>alert(1)</script>", "image/png")
    result = save_step(secret, "one", {"name": "Ada"}, {"photos": [page]})
    assert [error.field for error in result.errors] == ["photos"]


def test_a_file_for_a_question_that_was_not_asked_is_not_taken(secret: str) -> None:
    save_step(secret, "one", {"name": "Ada"}, {"hidden": [photo()]})
    assert not StoredFile.objects.exists()


def test_a_photo_can_be_taken_away_again(secret: str) -> None:
    ids = save_step(secret, "one", {"name": "Ada"}, {"photos": [photo(), photo("blue")]}).answers["photos"]
    result = save_step(secret, "one", {"name": "Ada", "photos.remove": [str(ids[0])]})
    assert result.answers["photos"] == [ids[1]]
    assert StoredFile.objects.count() == 1


def test_nobody_answers_with_the_file_of_somebody_else(secret: str) -> None:
    [theirs] = save_step(secret, "one", {"name": "Ada"}, {"photos": [photo()]}).answers["photos"]
    _, other = start_draft(None, "proof")
    result = save_step(other, "one", {"name": "Eve", "photos": [theirs], "photos.remove": [str(theirs)]})
    assert [error.field for error in result.errors] == ["photos"]
    Draft.objects.filter(submission=None).update(answers={"name": "Eve"})
    assert "photos" not in submit(other).answers
    assert StoredFile.objects.filter(pk=theirs).exists()


def test_files_go_with_the_draft_and_with_erased_answers(secret: str) -> None:
    save_step(secret, "one", {"name": "Ada"}, {"photos": [photo()]})
    discard_draft(secret)
    assert not StoredFile.objects.exists()
    _, again = start_draft(None, "proof")
    save_step(again, "one", {"name": "Ada"}, {"photos": [photo()]})
    erase_answers(SYSTEM, submit(again).pk)
    assert not StoredFile.objects.exists()


def test_a_required_photo_is_missed(db: None) -> None:
    fields = [{"key": "photos", "kind": "photo", "title": "Fotos", "required": True}]
    keep_form(SYSTEM, read_definition({**FORM, "key": "need", "steps": [{"key": "one", "fields": fields}]}))
    _, secret = start_draft(None, "need")
    assert [error.field for error in save_step(secret, "one", {}).errors] == ["photos"]
    with pytest.raises(Invalid):
        submit(secret)
