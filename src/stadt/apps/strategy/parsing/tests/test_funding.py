"""Funding as other cities may print it, wrong files of names, and texts that nobody can read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.parsing import parse_funding
from stadt.apps.strategy.parsing.names import Name, Names, read_names
from stadt.apps.strategy.record.content import FundingItem
from stadt.core.errors import ConfigurationError

NAMES = Names({"stadtwerke ölmühle": Name("Stadtwerke Ölmühle", "company")})
OWN = FundingItem("Eigenmittel", "own")


def test_a_city_without_names_still_reads_the_general_words() -> None:
    read = parse_funding("Eigenmittel, Stiftung Ölmühle", Names())

    assert read.items == (OWN, FundingItem("Stiftung Ölmühle"))
    assert not read.is_understood


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('[sources]\n"A" = { class = "none" }', "„A“"),
        ('[sources]\n"A-B" = {}\n"A B" = {}', "„A B“"),
        ("sources = 1", "sources"),
        ("[sources", "nicht lesbar"),
    ],
)
def test_a_wrong_file_of_names_is_refused_by_name(tmp_path: Path, toml: str, named: str) -> None:
    (tmp_path / "funding.toml").write_text(toml, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"funding\.toml") as refused:
        read_names(tmp_path / "funding.toml")

    assert named in str(refused.value)


@given(
    st.text()
    | st.lists(st.sampled_from(["offen", ", ", " und ", "BMBF", "(", ")", ":", "Land X"])).map("".join)
)
def test_any_text_is_kept_and_never_raises(text: str) -> None:
    read = parse_funding(text, NAMES)

    assert read.text == text
    assert all(item.source or item.programme or item.state == "open" for item in read.items)
