"""Whatever is typed after `stadt`, or set as a variable: an exit code and one sentence, never a traceback."""

import contextlib
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stadt.config import cli, data
from stadt.core import demo
from stadt.core.environment import load
from stadt.core.errors import ConfigurationError

FEW, MANY = 150, 5000
# Commands that do their work on what was guessed; of the others, such as `restore`, only the arguments are read.
RUN = {"admin", "demo", "import", "migrate", "new-app", "publish", "web", "worker"}
FLAGS = (
    "--host", "--workers", "--concurrency", "--verbose", "--email", "--kind", "--name-property", "--source",
    "--licence", "--title", "--title-en", "--path", "--help", "-h", "--", "--nix", "-x",
)  # fmt: skip
WORDS = (
    "areas",
    "fill",
    "clear",
    "waste.containers",
    "catalogue.datasets",
    "district",
    "a@b.example",
    "0",
    "1",
    "-1",
    "",
)
VARIABLES = (
    "STADT_HOME", "STADT_PORT", "STADT_URL", "STADT_CITY", "STADT_DEMO", "STADT_LAKE", "STADT_MAIL_URL",
    "STADT_LEAST_FREE_MB", "DATABASE_URL",
)  # fmt: skip

# What a terminal can hand over: any bytes but NUL, read as UTF-8 where they are; the others become lone surrogates.
typed = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.binary(max_size=12).map(lambda noise: noise.replace(b"\0", b"").decode("utf-8", "surrogateescape")),
    st.integers().map(str),
    st.just("x" * 300),
)
addresses = st.sampled_from(
    [
        "https://[",
        "http://a b",
        "https://stadt.example:x",
        "//",
        "postgresql://[",
        "~nobody-here/x",
        "http://[::1]",
    ]
)


class NothingStarts:
    """Stands in for what a well-formed command would start."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        del arguments, more

    def serve(self, **more: Any) -> None:
        """As Granian's."""


@pytest.fixture
def harmless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None) -> list[str]:
    """Commands do all but start processes, and the database is the test's; returns files to name."""
    from stadt.config.commands import migrate, web, worker

    def nothing(*arguments: Any, **more: Any) -> int:
        del arguments, more
        return 0

    monkeypatch.setattr(data, "database", contextlib.nullcontext)
    monkeypatch.setattr(data, "require_running", nothing)
    monkeypatch.setattr(web, "Granian", NothingStarts)
    monkeypatch.setattr(worker, "run_worker", nothing)
    for module, names in ((demo, ("fill", "clear")), (migrate, ("share_with_app", "call_command"))):
        for name in names:
            monkeypatch.setattr(module, name, nothing)
    for name in cli.COMMANDS.keys() - RUN:
        monkeypatch.setattr(cli.load_command(name), "run", nothing)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("STADT_HOME", str(tmp_path))
    (tmp_path / "areas.geojson").write_text('{"type": "FeatureCollection", "features": [')
    (tmp_path / "empty.gpkg").touch()
    return [str(tmp_path), *(str(tmp_path / name) for name in ("areas.geojson", "empty.gpkg", "nix"))]


def run(arguments: list[str], password: str = "") -> tuple[int, str]:
    """Exit code and standard error of one command, in this process."""
    told = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    shown = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="surrogateescape")
    given_password, sys.stdin = sys.stdin, io.StringIO(password)
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(shown):
            code = cli.main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdin = given_password
    told.seek(0)
    return code, told.read()


def ask_often(files: list[str], examples: int) -> None:
    words = st.one_of(typed, st.sampled_from([*FLAGS, *WORDS, *files]))
    commands = st.one_of(st.sampled_from(sorted(cli.COMMANDS)), typed)

    @settings(max_examples=examples)
    @given(st.lists(words, max_size=5), commands, typed)
    @example(["--email", "\udcff@b.example"], "admin", "ein-langes-Passwort-27")
    @example(["--host", "x" * 300], "web", "")
    @example(["--host", "\udcff"], "web", "")
    @example(["--workers", "0"], "web", "")
    @example(["--workers", "-1"], "web", "")
    @example(["--concurrency", "0"], "worker", "")
    @example(["\udcff"], "publish", "")
    @example(["areas", files[0]], "import", "")
    @example(["areas", "x" * 300], "import", "")
    @example(["parks", "--tree", "\udcff"], "new-app", "")
    def ask(arguments: list[str], command: str, password: str) -> None:
        code, told = run([command, *arguments], password)
        assert code in {0, 1, 2}, told
        assert code != 1 or told.count("\n") == 1, told
        assert "Traceback" not in told

    ask()


def test_no_command_fails_over_its_arguments(harmless: list[str]) -> None:
    ask_often(harmless, FEW)


@pytest.mark.soak
def test_no_command_fails_over_its_arguments_at_length(harmless: list[str]) -> None:
    ask_often(harmless, MANY)


@given(st.dictionaries(st.sampled_from(VARIABLES), st.one_of(typed, addresses), max_size=3))
def test_variables_are_understood_or_refused_by_name(variables: dict[str, str]) -> None:
    refusal = ""
    try:
        load(variables)
    except ConfigurationError as refused:
        refusal = refused.detail
    assert not refusal or any(name in refusal for name in variables)
