"""`stadt new-app` writes an app that keeps every rule and whose own test passes."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import imports
import messages
import privacy
import sizes
import stadt
from finding import ROOT
from stadt.config import cli
from stadt.config.commands import new_app
from stadt.core.errors import Conflict, Invalid

from .conftest import Plant


@pytest.fixture
def source(tree: Path, plant: Plant) -> Path:
    """The small tree with what new-app changes besides: settings and documentation."""
    plant("config/settings.py", 'APPS = ("waste", "trees")\n\nINSTALLED_APPS = [*APPS]\n')
    plant("/docs/apps/README.md", "# Apps\n\n- [waste](waste.md): waste\n")
    return tree


def make(tree: Path, name: str, *options: str) -> int:
    parser = argparse.ArgumentParser()
    new_app.configure(parser)
    return new_app.run(parser.parse_args([name, *options, "--tree", str(tree)]))


def everything(tree: Path) -> dict[str, str]:
    return {
        path.relative_to(tree).as_posix(): path.read_text("utf-8")
        for path in tree.rglob("*")
        if path.is_file()
    }


def test_a_new_app_has_its_first_files(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        make(source, "parking_lots", "--title", "Parkplätze", "--title-en", "Parking", "--path", "parken")
        == 0
    )
    app = source / "src/stadt/apps/parking_lots"
    written = sorted(path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file())
    assert written == [
        "__init__.py",
        "apps.py",
        "locale/en/LC_MESSAGES/django.po",
        "manifest.py",
        "templates/parking_lots/overview.html",
        "tests/__init__.py",
        "tests/test_pages.py",
        "views.py",
    ]
    assert "class ParkingLots(Application):" in (app / "apps.py").read_text("utf-8")
    assert 'path="parken"' in (app / "manifest.py").read_text("utf-8")
    assert 'APPS = ("waste", "trees", "parking_lots")' in (source / "src/stadt/config/settings.py").read_text(
        "utf-8"
    )
    assert "[parking_lots](parking_lots.md): Parking" in (source / "docs/apps/README.md").read_text("utf-8")
    assert "docs/apps/parking_lots.md" in capsys.readouterr().out


def test_a_new_app_keeps_every_rule(source: Path) -> None:
    make(source, "parks", "--title", "Grünflächen", "--title-en", "Parks")
    assert imports.check(source) == []
    assert sizes.check(source) == []
    assert privacy.check(source) == []
    assert [finding for finding in messages.check(source) if "parks" in finding.file] == []


@pytest.mark.parametrize(
    "options",
    [
        ("Parks",),
        ("parks-and-trees",),
        ("1parks",),
        ("class",),
        ("core",),
        ("utils",),
        ("parks", "--path", "Grün"),
        ("parks", "--path", "a/b"),
        ("parks", "--title", 'Die "Parks"'),
        ("parks", "--title", "{% now %}"),
        ("parks", "--title-en", " "),
    ],
    ids=" ".join,
)
def test_bad_names_are_refused_and_nothing_is_written(source: Path, options: tuple[str, ...]) -> None:
    before = everything(source)
    with pytest.raises(Invalid) as refused:
        make(source, *options)
    assert len(refused.value.fields) == 1
    assert everything(source) == before


def test_an_existing_app_or_floor_package_is_left_alone(source: Path) -> None:
    before = everything(source)
    for name in ("waste", "places"):
        with pytest.raises(Conflict):
            make(source, name)
    assert everything(source) == before


def test_a_folder_that_is_no_source_tree_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Invalid, match=str(tmp_path / "empty")):
        make(tmp_path / "empty", "parks")


def test_an_installed_package_asks_for_the_source_tree_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = tmp_path / "lib" / "python3.11" / "site-packages" / "stadt"
    (installed / "apps").mkdir(parents=True)
    monkeypatch.setattr(stadt, "__file__", str(installed / "__init__.py"))
    before = everything(tmp_path)
    assert cli.main(["new-app", "parks"]) == 1
    told = capsys.readouterr().err
    assert "--tree" in told
    assert told.count("\n") == 1
    assert everything(tmp_path) == before


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A copy of the real tree with a new app in it."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    shutil.copytree(ROOT / "docs/apps", tmp_path / "docs/apps")
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    make(tmp_path, "parks", "--title", "Grünflächen", "--title-en", "Parks", "--path", "gruen")
    return tmp_path


def run_module(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STADT_", "PYTEST_", "DJANGO_"))
    }
    command = [sys.executable, "-m", *words, "src/stadt/apps/parks"]
    environment = {**own, "PYTHONPATH": str(tree / "src")}
    return subprocess.run(command, cwd=tree, env=environment, check=False, capture_output=True, text=True)


@pytest.mark.slow
def test_a_new_app_is_clean_and_its_own_test_passes_in_the_real_tree(real: Path) -> None:
    for words in (("check",), ("format", "--check")):
        done = run_module(real, "ruff", *words, "--no-cache")
        assert done.returncode == 0, done.stdout
    messages.compile_all(real)
    done = run_module(real, "pytest", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
