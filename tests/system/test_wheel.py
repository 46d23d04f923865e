"""The package: built, installed into an empty environment without a checkout, and running there."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from finding import ROOT

UV = Path(sys.executable).with_name("uv")
PINS = ROOT / "requirements" / "run.txt"


def run(*command: object, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--wheel", "--no-build-isolation", "--quiet", "-o", folder, ROOT)
    [found] = folder.glob("*.whl")
    return found


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_what_a_city_runs_and_nothing_else(wheel: Path) -> None:
    held = names(wheel)
    for part in (
        "stadt/cities/gelsenkirchen/city.toml",
        "stadt/cities/gelsenkirchen/strategy/measures.csv",
        "stadt/web/static/stadt/manifest.json",
        "stadt/web/locale/en/LC_MESSAGES/django.mo",
        "stadt/web/templates/web/base.html",
        "stadt/core/migrations/0001_first.py",
    ):
        assert part in held, part
    assert [
        name for name in held if "/tests/" in name or name.endswith(("conftest.py", ".pyc", ".ts", ".po"))
    ] == []


def test_every_module_of_the_tree_is_in_the_wheel(wheel: Path) -> None:
    held = set(names(wheel))
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    missing = {name for name in modules - held if "/tests/" not in name and not name.endswith("conftest.py")}
    assert missing == set()


def test_the_same_tree_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    run(UV, "build", "--wheel", "--no-build-isolation", "--quiet", "-o", tmp_path, ROOT)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_no_path_of_the_machine_that_built_it_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        named = [name for name in archive.namelist() if str(ROOT).encode() in archive.read(name)]
    assert named == []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`stadt` in an environment of its own that holds only what the package asks for."""
    place = tmp_path_factory.mktemp("environment") / "stadt"
    run(UV, "venv", "--quiet", "--python", sys.executable, place)
    python = place / "bin" / "python"
    run(UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", PINS)
    run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", "--offline", wheel)
    return place / "bin" / "stadt"


@pytest.mark.slow
def test_an_installed_city_runs_without_a_checkout(installed: Path, new_home: Path, start_city: Any) -> None:
    """Also without Node, git and make: only the system's own folders are on the path."""
    where = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "", "STADT_LAKE": str(new_home / "lake")}
    with start_city(new_home, program=(str(installed),), **where) as city:
        with urlopen(f"{city.url}/") as answer:
            page = answer.read().decode()
        assert "Gelsenkirchen" in page
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert any(name.endswith(".css") for name in files)
        assert any(name.endswith(".js") for name in files)
        for name in {*files, "/strategie/", "/karte/", "/styleguide/", "/api/v1/openapi.json"}:
            assert city.status(name) == 200, name
        doctor = subprocess.run(
            [installed, "doctor"],
            check=False,
            capture_output=True,
            text=True,
            cwd=new_home,
            env={**where, "STADT_HOME": str(new_home), "STADT_DEMO": "0", "LANG": "de_DE.UTF-8"},
        )
        assert doctor.returncode == 0, doctor.stdout + doctor.stderr
        assert "✗" not in doctor.stdout
