"""Files are whole or not there."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from stadt.core.errors import ConfigurationError
from stadt.hub.lake.files import list_older, sha256_of, whole_file
from stadt.hub.lake.layout import KEY, layout


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file.txt"
    with whole_file(target, tmp_path / "work") as aside:
        aside.write_text("half")
        assert not target.exists()
        aside.write_text("whole")
    assert target.read_text() == "whole"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("old")

    def fail() -> None:
        with whole_file(target, tmp_path / "work") as aside:
            aside.write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text() == "old"
    assert list((tmp_path / "work").iterdir()) == []


def test_old_files_are_found_and_new_ones_are_not(tmp_path: Path) -> None:
    old, new = tmp_path / "a" / "old", tmp_path / "new"
    old.parent.mkdir()
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    assert list(list_older(tmp_path, timedelta(hours=1))) == [old]
    assert list(list_older(tmp_path / "nothing", timedelta(0))) == []


def test_the_hash_is_over_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("key", ["", "a", "../x.y", "a.b/c", "A.b", "a.b\n", "a..b", ".a.b"])
def test_what_is_no_key_never_becomes_a_path(key: str) -> None:
    assert KEY.match("area.noun")
    assert not KEY.match(key)


def test_a_lake_that_is_an_address_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, lake="s3://bucket/lake"))
    with pytest.raises(ConfigurationError, match="STADT_LAKE"):
        layout()
