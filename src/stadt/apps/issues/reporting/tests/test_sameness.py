"""Texts are kept as texts, and compared by what can be read of them."""

from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.issues.reporting.sameness import clean_line, clean_text, key_digest, text_digest

LONG = "An der Ecke liegt seit Tagen ein Sofa"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert clean_text("Lo\0ch\u202e tief\u200b\r\nhier \r\n\r\n\r\n\r\nda") == "Loch tief\nhier\n\nda"
    assert clean_line(" Am \n Markt\t1 ") == "Am Markt 1"


def test_markup_stays_as_it_was_written() -> None:
    assert (
        clean_text("<script>alert(1)</script> https://x.example")
        == "<script>alert(1)</script> https://x.example"
    )


@given(st.text())
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_the_same_words_are_the_same_text_however_they_are_set() -> None:
    assert text_digest(LONG) == text_digest(LONG.upper().replace(" ", "\n  ") + "!!!")
    assert text_digest(LONG) != text_digest(LONG + " und ein Tisch")


def test_short_texts_are_not_compared() -> None:
    assert text_digest("Müll, viel Müll") == b"" == text_digest("!" * 500)


@given(st.text())
def test_any_text_has_digests(text: str) -> None:
    assert len(key_digest(text)) == 32
    assert len(text_digest(text)) in (0, 32)
