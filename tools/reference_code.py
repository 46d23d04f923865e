"""Pages of the reference that are read from core and the command line: errors, environment, manifest, commands."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import stadt
from stadt.config import cli
from stadt.core import environment, errors, manifest
from stadt.core.registry import registry

Page = tuple[str, Callable[[], Iterable[str]]]

# What each variable means; the names and defaults are compared with the code.
VARIABLES = {
    "STADT_HOME": "Folder of everything the installation keeps: database, lake, secrets, logs.",
    "STADT_PORT": "Port of the web process.",
    "STADT_URL": "Address under which people reach the city. With `https://`, cookies demand it and HSTS is sent.",
    "STADT_CITY": "Name of a folder under `cities/`, or a path to one.",
    "STADT_DEMO": "`1` fills the demo city on first start and keeps it alive; `0` starts an empty city.",
    "STADT_LAKE": "Folder of the published snapshots.",
    "STADT_CLAMD": "Socket (`/run/clamav/clamd.ctl`) or `host:port` of ClamAV's daemon, which looks at files that people send; without it none are looked at.",
    "STADT_BACKUP": "Folder that the city writes a backup into every night; without it there are none.",
    "STADT_MQTT_URL": "MQTT broker that public observations and changes are published to, such as `mqtts://user:password@broker.example:8883`.",
    "STADT_MQTT_TOKEN": "API token with whose rights messages of that broker create observations; without it none do.",
    "STADT_MQTT_TOPICS": "Further SensorThings resources to publish, separated by spaces, such as `Things(1)/Datastreams`.",
    "STADT_MQTT_PORT": "Port of the city's own MQTT broker on 127.0.0.1, which `stadt up` runs without `STADT_MQTT_URL`; `0` for none.",
    "STADT_MAIL_URL": "Mail server, such as `smtp://user:password@mail.example:587`. Without it mails go to the demo's mailbox page.",
    "STADT_LOG": "`line` for people, `json` for machines; `+access` adds a line for each answered request (`json+access`).",
    "STADT_LEAST_FREE_MB": "With less free space than this on a disk the city writes nothing more there; with three times as much it warns.",
    "DATABASE_URL": "A PostgreSQL server of one's own, version 17 or newer, instead of the embedded one.",
    "DATABASE_OWNER_URL": "The same server as the role that owns the tables, for `stadt migrate` only.",
}
# Set by the platform for its own processes and tests, never by an operator.
INTERNAL = frozenset({"STADT_DATABASE_ROLE", "STADT_SUPERVISED"})
VARIABLE = re.compile(r"STADT_[A-Z_]+|DATABASE_[A-Z_]+")


def table(head: list[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A Markdown table; line breaks and bars in cells are made harmless."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(_cell(value) for value in row) + " |"


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def command_line() -> Iterator[str]:
    """Every command with its arguments. Not as `--help` prints it, which differs between versions of Python."""
    for name in cli.COMMANDS:
        command = cli.load_command(name)
        parser = argparse.ArgumentParser(prog=f"stadt {name}", add_help=False)
        command.configure(parser)
        yield from (f"## stadt {name}", "", f"{command.HELP[:1].upper()}{command.HELP[1:]}.", "")
        rows = [_argument(action) for action in parser._actions]
        if rows:
            yield from (*table(["argument", "meaning", "default"], rows), "")


def _argument(action: argparse.Action) -> tuple[str, str, str]:
    shown = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    if action.choices:
        shown += " " + "|".join(str(choice) for choice in action.choices)
    has_default = action.default not in (None, False, argparse.SUPPRESS) and not isinstance(
        action.default, Path
    )
    return f"`{shown}`", action.help or "–", f"`{action.default}`" if has_default else "–"


def environment_variables() -> Iterator[str]:
    """The variables that the package reads."""
    read = set(_variables_read(Path(inspect.getfile(stadt)).parent)) - INTERNAL
    if read != set(VARIABLES):
        raise SystemExit(
            f"reference: VARIABLES in {__file__} and the code differ: {sorted(read ^ set(VARIABLES))}"
        )
    defaults = environment.load({})
    shown = {
        "STADT_HOME": "`~/.vernetzte-stadt`",
        "STADT_PORT": f"`{defaults.port}`",
        "STADT_URL": "`http://127.0.0.1:<STADT_PORT>`",
        "STADT_CITY": f"`{defaults.city}`",
        "STADT_DEMO": "`1`" if defaults.demo else "`0`",
        "STADT_LAKE": "`<STADT_HOME>/lake`",
        "STADT_LOG": "`line`",
        "STADT_LEAST_FREE_MB": f"`{defaults.least_free // 2**20}`",
    }
    yield from table(
        ["variable", "default", "meaning"],
        ((f"`{name}`", shown.get(name, "none"), meaning) for name, meaning in VARIABLES.items()),
    )


def _variables_read(package: Path) -> Iterator[str]:
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if "tests" not in path.parts else ():
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and VARIABLE.fullmatch(node.value)
            ):
                yield node.value


def manifest_fields() -> Iterator[str]:
    """Every description an app can put into its manifest, with the types and defaults written in the code."""
    tree = ast.parse(inspect.getsource(manifest))
    for node in tree.body:
        fields = list(_fields(node)) if isinstance(node, ast.ClassDef) else []
        if isinstance(node, ast.ClassDef) and fields:
            yield from (f"## {node.name}", "", *_paragraphs(ast.get_docstring(node) or ""))
            yield from table(["field", "type", "default"], fields)
            yield ""


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            kind = ast.unparse(statement.annotation).replace("'", "").replace('"', "")
            default = f"`{ast.unparse(statement.value)}`" if statement.value else "compulsory"
            yield f"`{statement.target.id}`", f"`{kind}`", default


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield from (" ".join(paragraph.split()), "")


def error_codes() -> Iterator[str]:
    """The one family of errors."""
    yield "Each is told as `application/problem+json` (RFC 9457) with `code`, `status` and `detail`, and `errors` by field."
    yield ""
    found = sorted(_family(errors.StadtError), key=lambda error: (error.status, error.code))
    yield from table(
        ["code", "status", "meaning"],
        ((f"`{item.code}`", item.status, first_sentence(item)) for item in found),
    )


def _family(error: type[errors.StadtError]) -> Iterator[type[errors.StadtError]]:
    yield error
    for inner in error.__subclasses__():
        if inner.__module__.startswith("stadt."):
            yield from _family(inner)


def apps() -> Iterator[str]:
    """The installed apps with what they use."""
    yield from table(
        ["app", "title", "path", "uses"],
        (
            (f"`{app.name}`", app.title, f"`/{app.manifest.path}`", ", ".join(app.uses) or "–")
            for app in registry.apps.values()
        ),
    )


PAGES: dict[str, Page] = {
    "apps": ("Apps", apps),
    "command-line": ("Command line", command_line),
    "environment": ("Environment variables", environment_variables),
    "errors": ("Error codes", error_codes),
    "manifest": ("Manifest", manifest_fields),
}
