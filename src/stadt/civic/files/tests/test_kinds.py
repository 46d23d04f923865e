"""What is taken, and what is refused with a sentence: by content, never by name or by what a browser claims."""

import io
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stadt.civic.files.kinds import DOCX, JPEG, ODT, WEBP, Found, accepted, measure, recognise
from stadt.civic.files.limits import MOST_BYTES
from stadt.civic.files.models import Kind, Size
from stadt.civic.files.pictures import is_bare, rewrite
from stadt.civic.files.services import clean_name
from stadt.civic.files.tests.images import (
    PDF,
    SVG,
    archive,
    encoded,
    exif,
    jpeg,
    jpeg_head,
    picture,
    png_head,
    with_segment,
)
from stadt.core.errors import Invalid, StadtError, TooLarge

PHOTO = frozenset({Kind.PHOTO})
ALL = frozenset(Kind)


def shown(content: bytes) -> Image.Image:
    """The photo as it is kept, read back."""
    found = rewrite(content, recognise(content, PHOTO))
    return Image.open(io.BytesIO(found[Size.FULL].content))


def is_red(image: Image.Image, x: float, y: float) -> bool:
    at = 3 * (int(y * image.height) * image.width + int(x * image.width))
    red, _, blue = image.convert("RGB").tobytes()[at : at + 3]
    return red > 180 and blue < 80


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "leer"),
        (SVG, "JPEG"),
        (b"GIF89a" + b"\0" * 40 + b"/*alert(1)*/", "JPEG"),
        (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "JPEG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "als JPEG"),
        (b"MZ\x90\0", "JPEG"),
        (b"<!doctype html><script>alert(1)</script>", "JPEG"),
        (PDF, "JPEG"),
    ],
)
def test_what_is_no_photo_is_refused_with_what_is_possible(content: bytes, advice: str) -> None:
    with pytest.raises(Invalid) as refused:
        recognise(content, PHOTO, "photo")
    assert advice in refused.value.detail
    assert refused.value.fields[0].field == "photo"


@pytest.mark.parametrize(
    "content",
    [
        jpeg() + archive("index.html"),
        encoded(picture(), "PNG") + archive("a.class"),
        with_segment(jpeg(), 0xFE, b"%PDF-1.4"),
        PDF + archive("a") + b"%%EOF",
        b"%PDF-1.4\n<html><script>alert(1)</script>\n%%EOF",
    ],
)
def test_a_file_that_is_two_things_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="zweierlei"):
        recognise(content, ALL)


@pytest.mark.parametrize(
    "content",
    [
        png_head(50_000, 50_000, zlib.compress(b"\0" * 100_000)),
        png_head(30_001, 1),
        png_head(5001, 5000),
        b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\xa0\x0f\0" * 2,
        jpeg_head(6001, 6000, in_passes=True),
        jpeg_head(7100, 7100),
        b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\xff\x3f\0" * 2,
        jpeg().replace(b"\x00\x18\x00\x28", b"\xff\xff\xff\xff", 1),
    ],
)
def test_a_picture_too_large_to_decode_is_refused_by_its_head(content: bytes) -> None:
    with pytest.raises(Invalid, match="Bildpunkte"):
        recognise(content, PHOTO)


@pytest.mark.parametrize(
    "content", [png_head(5000, 5000), jpeg_head(6000, 6000, in_passes=True), jpeg_head(7071, 7071)]
)
def test_what_a_decoder_bears_passes(content: bytes) -> None:
    assert recognise(content, PHOTO).kind is Kind.PHOTO


def test_a_large_picture_is_made_small_strip_by_strip_without_a_seam() -> None:
    """5200 points wide, so that it is halved; three strips of it, the middle one transparent."""
    large = Image.new("RGBA", (5200, 1300), (255, 0, 0, 255))
    large.paste((0, 0, 0, 0), (0, 500, 5200, 900))
    large.paste((0, 0, 255, 255), (0, 900, 5200, 1300))
    content = encoded(large, "PNG")
    full = rewrite(content, recognise(content, PHOTO))[Size.FULL]
    with Image.open(io.BytesIO(full.content)) as shown:
        assert shown.size == (2560, 640)
        colours = [shown.getpixel((x, y)) for x in (5, 2550) for y in (5, 240, 260, 350, 430, 460, 630)]
    nearest = [tuple(255 if part > 200 else 0 for part in colour) for colour in colours]  # type: ignore[union-attr]
    red, white, blue = (255, 0, 0), (255, 255, 255), (0, 0, 255)
    assert nearest == [red, red, white, white, white, blue, blue] * 2


@pytest.mark.parametrize("many", [b"\xff\x01", b"\xff", b"\xff\xfe\x00\x00"])
def test_a_photo_with_more_before_its_picture_than_any_has_is_refused(many: bytes) -> None:
    photo = jpeg()
    with pytest.raises(Invalid, match="beschädigt"):
        recognise(photo[:2] + many * 5000 + photo[2:], PHOTO)
    with pytest.raises(Invalid, match="beschädigt"):
        rewrite(photo[:2] + many * 5000 + photo[2:], Found(Kind.PHOTO, JPEG, 40, 24))


def test_a_picture_of_very_many_passes_is_refused() -> None:
    with pytest.raises(Invalid, match="aufgebaut"):
        recognise(jpeg()[:-2] + b"\xff\xda\x00\x02" * 100 + b"\xff\xd9", PHOTO)


def test_a_decompression_bomb_is_refused_as_broken() -> None:
    bomb = png_head(100, 100, zlib.compress(b"\0" * 20_000_000))
    small = rewrite(bomb, recognise(bomb, PHOTO))  # what is too much is never unpacked
    assert small[Size.FULL].width == 100
    lie = png_head(4000, 4000, zlib.compress(b"\0" * 1000))
    found = recognise(lie, PHOTO)
    with pytest.raises(Invalid, match="beschädigt"):
        rewrite(lie, found)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_photo_cut_short_is_refused(form: str, part: float) -> None:
    whole = encoded(Image.effect_noise((80, 80), 90).convert("RGB"), form)
    short = whole[: int(len(whole) * part)]
    with pytest.raises(Invalid, match="beschädigt"):
        rewrite(short, recognise(short, PHOTO))


def test_more_bytes_than_a_kind_may_have_are_refused() -> None:
    with pytest.raises(TooLarge):
        recognise(jpeg() + bytes(MOST_BYTES["photo"]), PHOTO)


def test_nothing_of_what_came_with_a_photo_is_kept() -> None:
    secret = b"<script>alert('GPS')</script>"
    source = jpeg(exif=exif(with_position=True), comment=secret, icc_profile=b"profile" * 40)
    source = with_segment(source, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + secret) + secret
    for made in rewrite(source, recognise(source, PHOTO)).values():
        assert is_bare(made.content)
        assert b"alert" not in made.content
        assert b"Telefon" not in made.content
        with Image.open(io.BytesIO(made.content)) as opened:
            assert not opened.getexif()
            assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_metadata_of_a_png_is_not_kept() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("GPS", "51.5,7.1", zip=True)
    source = encoded(picture(), "PNG", pnginfo=notes, exif=exif(with_position=True))
    assert is_bare(rewrite(source, recognise(source, PHOTO))[Size.FULL].content)


def test_a_jpeg_with_anything_beside_its_picture_is_not_bare() -> None:
    plain = jpeg()
    assert is_bare(plain)
    assert not is_bare(plain + b"x")
    assert not is_bare(with_segment(plain, 0xFE, b"note"))
    assert not is_bare(jpeg(exif=exif()))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright(orientation: int) -> None:
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = Image.new("RGB", (64, 32), "blue")
    upright.paste("red", (0, 0, 32, 16))
    turned = upright.transpose(turn[orientation]) if orientation > 1 else upright
    found = shown(encoded(turned, exif=exif(orientation)))
    assert found.size == (64, 32)
    assert [is_red(found, x, y) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("wrong", [0, 9, 65535])
def test_an_orientation_that_is_none_is_ignored(wrong: int) -> None:
    found = Image.Exif()
    found[0x0112] = wrong
    assert shown(encoded(picture(), exif=found.tobytes())).size == (40, 24)


def test_broken_exif_does_not_hinder_a_photo() -> None:
    assert shown(with_segment(jpeg(), 0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)).size == (40, 24)


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("CMYK", "JPEG"),
        ("L", "JPEG"),
        ("1", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("RGBA", "WEBP"),
        ("L", "WEBP"),
    ],
)
def test_every_colour_mode_becomes_an_ordinary_photo(mode: str, form: str) -> None:
    found = shown(encoded(picture(mode=mode), form))
    assert (found.mode, found.size) == ("RGB", (40, 24))


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    found = shown(encoded(picture(mode="I;16", colour=32768), "PNG"))
    assert abs(found.convert("L").getpixel((5, 5)) - 127) <= 2  # type: ignore[operator]


def test_what_is_transparent_becomes_white() -> None:
    found = shown(encoded(picture(mode="RGBA", colour=(10, 10, 10, 0)), "PNG"))
    assert found.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_is_kept(form: str) -> None:
    moving = encoded(
        picture(), form, save_all=True, append_images=[Image.new("RGB", (40, 24), "green")], duration=9
    )
    assert is_red(shown(moving), 0.2, 0.5)


def test_sizes_are_bounded_and_never_larger_than_the_photo() -> None:
    large = encoded(Image.new("RGB", (3000, 300), "red"))
    made = rewrite(large, recognise(large, PHOTO))
    assert {size: max(one.width, one.height) for size, one in made.items()} == {
        Size.FULL: 2560,
        Size.MEDIUM: 1280,
        Size.SMALL: 320,
    }
    assert {one.width for one in rewrite(jpeg(), recognise(jpeg(), PHOTO)).values()} == {40}


def test_a_head_that_says_two_sizes_is_refused() -> None:
    with pytest.raises(Invalid, match="beschädigt"):
        rewrite(jpeg(), Found(Kind.PHOTO, JPEG, 10, 10))


def test_text_documents_are_known_by_what_is_inside() -> None:
    odt = archive("content.xml", first=("mimetype", ODT.encode()))
    assert recognise(odt, ALL).media_type == ODT
    assert recognise(archive("word/document.xml", "[Content_Types].xml"), ALL).media_type == DOCX
    with pytest.raises(Invalid):
        recognise(archive("index.html"), ALL)


def test_documents_with_macros_or_too_much_inside_are_refused() -> None:
    names = ("word/document.xml", "[Content_Types].xml")
    with pytest.raises(Invalid, match="Makros"):
        recognise(archive(*names, "word/vbaProject.bin"), ALL)
    with pytest.raises(Invalid, match="ausgepackt"):
        recognise(archive(*names, "word/media/a", content=bytes(40_000_000)), ALL)


def test_a_pdf_without_its_end_is_refused() -> None:
    assert recognise(PDF, ALL).kind is Kind.PDF
    with pytest.raises(Invalid, match="vollständig"):
        recognise(PDF[:-8], ALL)


def test_forms_name_what_they_take_in_several_ways() -> None:
    assert accepted(()) == {Kind.PHOTO, Kind.PDF}
    assert (
        accepted(["image/*"])
        == accepted(["photo"])
        == accepted([" JPG ".replace("JPG", "image/jpeg")])
        == PHOTO
    )
    assert accepted([".pdf", "application/pdf"]) == {Kind.PDF}
    assert accepted(["nonsense"]) == {Kind.PHOTO, Kind.PDF}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Temp\\Plan.pdf", "Plan.pdf"),
        ("a\0b\r\nc.pdf", "a_b__c.pdf"),
        ('x"; filename="y.exe', "x__ filename__y.pdf"),
        ("rechnung\u202efdp.exe", "rechnung_fdp.pdf"),
        ("..", "datei.pdf"),
        ("", "datei.pdf"),
    ],
)
def test_names_lose_paths_and_what_steers(name: str, wanted: str) -> None:
    assert clean_name(name, Found(Kind.PDF, "application/pdf")) == wanted


def test_a_photo_loses_its_name() -> None:
    assert clean_name("IMG_2026 Müller.HEIC.jpg", Found(Kind.PHOTO, JPEG)) == "foto.jpg"


@given(st.text(max_size=300))
def test_every_name_becomes_a_harmless_one(name: str) -> None:
    made = clean_name(name, Found(Kind.PDF, "application/pdf"))
    assert 5 <= len(made) <= 100
    assert made.isprintable()
    assert not made.startswith(".")


@settings(max_examples=150)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"%PDF-", b"PK\x03\x04", b""]),
)
def test_any_bytes_are_taken_whole_or_refused_with_a_sentence(rest: bytes, start: bytes) -> None:
    content = start + rest
    try:
        found = recognise(content, ALL)
        if found.kind is Kind.PHOTO:
            rewrite(content, found)
    except StadtError as refused:
        sentence = refused.fields[0].message
        assert sentence.strip()


@settings(max_examples=150)
@given(st.integers(2, 700), st.integers(0, 255))
def test_a_changed_byte_in_a_photo_never_becomes_an_error_of_ours(place: int, value: int) -> None:
    source = bytearray(jpeg(exif=exif(6, with_position=True)))
    source[place % len(source)] = value
    content = bytes(source)
    try:
        made = rewrite(content, recognise(content, PHOTO))
    except StadtError:
        return
    assert all(is_bare(one.content) for one in made.values())


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_webp_heads_are_measured_as_they_are_written(width: int, height: int) -> None:
    head = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0"
    body = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    assert measure(head + body, WEBP) == (width, height)


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": exif()}])
def test_webp_of_every_form_is_measured(options: dict[str, object]) -> None:
    assert measure(encoded(picture(33, 17), "WEBP", **options), WEBP) == (33, 17)
