"""Photos: black boxes by numbers, drawn before they are burnt in, and who may see a photo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, said
from stadt.apps.desk.tests.pictures import jpeg
from stadt.civic.cases.models import Case
from stadt.civic.files.models import StoredFile
from stadt.civic.files.queries import path_of
from stadt.civic.files.services import attach, take_file

BOX = {"b1-left": "0", "b1-top": "0", "b1-width": "50", "b1-height": "50"}


@pytest.fixture
def photo(office: Office) -> tuple[Case, StoredFile]:
    case = office.case()
    file = take_file(SimpleUploadedFile("x.jpg", jpeg()), "x.jpg", accepts=("photo",), actor=SYSTEM)
    attach([file.pk], case.subject, "before", actor=SYSTEM)
    return case, file


def where(case: Case, file: StoredFile) -> str:
    return f"{HOME}{case.reference}/fotos/{file.pk}/"


def corner(file: StoredFile) -> tuple[int, ...]:
    with Image.open(io.BytesIO(path_of(file).read_bytes())) as opened:
        pixel = opened.convert("RGB").getpixel((4, 4))
    assert isinstance(pixel, tuple)
    return pixel


def test_boxes_are_drawn_before_anything_changes(office: Office, photo: tuple[Case, StoredFile]) -> None:
    case, file = photo
    text = said(office.lead.client.post(where(case, file), {"do": "vorschau", **BOX}))
    assert '<rect x="0.0" y="0.0" width="50.0" height="50.0"/>' in text
    assert min(corner(file)) > 200


def test_boxes_are_burnt_in(office: Office, photo: tuple[Case, StoredFile]) -> None:
    case, file = photo
    assert office.lead.client.post(where(case, file), {"do": "schwaerzen", **BOX}).status_code == 302
    assert max(corner(file)) < 60


@pytest.mark.parametrize(
    "wrong",
    [{}, {"b1-left": "10"}, {**BOX, "b1-left": "120"}, {**BOX, "b1-width": "x"}, {**BOX, "b1-top": "\0"}],
)
def test_wrong_numbers_change_nothing(
    office: Office, photo: tuple[Case, StoredFile], wrong: dict[str, str]
) -> None:
    case, file = photo
    assert office.lead.client.post(where(case, file), {"do": "schwaerzen", **wrong}).status_code == 422
    assert min(corner(file)) > 200


def test_a_photo_is_published_and_hidden_again(office: Office, photo: tuple[Case, StoredFile]) -> None:
    case, file = photo
    for do, is_public in (("freigeben", True), ("verbergen", False)):
        assert office.lead.client.post(where(case, file), {"do": do}).status_code == 302
        file.refresh_from_db()
        assert file.is_published is is_public


def test_a_photo_of_another_case_is_not_reached(office: Office, photo: tuple[Case, StoredFile]) -> None:
    _case, file = photo
    other = office.case("Andere")
    assert office.lead.client.post(where(other, file), {"do": "freigeben"}).status_code == 404
    assert office.clerk.client.post(where(_case, file), {"do": "freigeben"}).status_code == 403
    file.refresh_from_db()
    assert not file.is_published
