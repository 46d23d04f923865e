"""German sorting."""

from stadt.core.sorting import german_sort_key


def test_umlauts_sort_with_their_vowel() -> None:
    names = ["Zoo", "Ückendorf", "Uhlenbrock", "Buer", "Bülse", "Bulmke-Hüllen", "Beckhausen"]

    assert sorted(names, key=german_sort_key) == [
        "Beckhausen",
        "Buer",
        "Bülse",
        "Bulmke-Hüllen",
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
