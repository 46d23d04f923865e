"""German sorting and slugs."""

import pytest

from stadt.core.german import german_slug, german_sort_key


def test_umlauts_sort_with_their_vowel() -> None:
    names = ["Zoo", "Ückendorf", "Uhlenbrock", "Buer", "Bülse", "Bulmke-Hüllen", "Beckhausen"]

    assert sorted(names, key=german_sort_key) == [
        "Beckhausen",
        "Buer",
        "Bulmke-Hüllen",
        "Bülse",
        "Ückendorf",
        "Uhlenbrock",
        "Zoo",
    ]


def test_plain_letters_come_before_umlauts_when_all_else_is_equal() -> None:
    assert sorted(["Müller", "Muller"], key=german_sort_key) == ["Muller", "Müller"]


def test_sharp_s_sorts_as_double_s_and_case_does_not_matter() -> None:
    assert sorted(["Hessler", "heßlar", "HESSLE"], key=german_sort_key) == ["heßlar", "HESSLE", "Hessler"]


def test_shorter_words_come_first() -> None:
    assert sorted(["Schalke-Nord", "Schalke"], key=german_sort_key) == ["Schalke", "Schalke-Nord"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Bulmke-Hüllen", "bulmke-huellen"),
        ("Heßler", "hessler"),
        ("E-Government & Digitale Services", "e-government-digitale-services"),
        ("§§", ""),
        ("x" * 79 + " yz", "x" * 79),
    ],
)
def test_slugs_spell_umlauts_out(name: str, key: str) -> None:
    assert german_slug(name) == key
