"""Files that came with a form belong to the case that it opens, and to nobody else's."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stadt.civic.cases.services import open_case
from stadt.civic.cases.tests.conftest import Town
from stadt.civic.files.models import StoredFile
from stadt.civic.forms.models import Submission
from stadt.civic.forms.reading import read_definition
from stadt.civic.forms.services import keep_form, save_step, start_draft, submit
from stadt.core.people.actor import Actor

SYSTEM = Actor.system("test")
FORM = {
    "key": "proof",
    "title": "Nachweis",
    "steps": [{"key": "one", "fields": [{"key": "photos", "kind": "photo", "title": "Fotos"}]}],
}


def sent() -> Submission:
    """A form with one photo, sent."""
    keep_form(SYSTEM, read_definition(FORM))
    _, secret = start_draft(None, "proof")
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    save_step(secret, "one", {}, {"photos": [SimpleUploadedFile("a.png", content.getvalue(), "image/png")]})
    return submit(secret)


def test_the_files_of_a_form_move_to_its_case(town: Town) -> None:
    submission = sent()
    opened = open_case(SYSTEM, "wish", submission=submission, files=submission.answers["photos"])
    assert StoredFile.objects.get().subject == opened.case.subject


def test_the_files_of_a_form_sent_twice_stay_with_the_one_case(town: Town) -> None:
    submission = sent()
    first, again = (
        open_case(SYSTEM, "wish", submission=submission, files=submission.answers["photos"]) for _ in range(2)
    )
    assert first.case.pk == again.case.pk
    assert StoredFile.objects.get().subject == first.case.subject
