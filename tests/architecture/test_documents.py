"""What the documentation says is there: links, commands, variables, words, dependencies."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import stadt
from finding import ROOT
from stadt.config import cli

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LICENCES = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 AND BSD-2-Clause",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "EUPL-1.2",
        "GPL-3.0",  # programs that check us, never part of what is delivered
        "ISC",
        "LGPL-3.0-only",
        "MIT",
        "MIT OR Apache-2.0",
        "MIT-CMU",
        "MPL-2.0",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    }
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code() -> Iterator[str]:
    """The source text of the product, without tests."""
    for folder, suffix in (("src/stadt", "py"), ("frontend/src", "ts")):
        for path in (ROOT / folder).rglob(f"*.{suffix}"):
            if "tests" not in path.parts:
                yield path.read_text("utf-8")


def prose(document: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)


def headings(document: Path) -> set[str]:
    """The anchors that GitLab and GitHub make from headings."""
    found = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for target in LINK.findall(prose(document)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in headings(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_make_targets_and_commands_that_are_told_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    told = set(re.findall(r"(?:`|^)make ((?:[a-z]+ ?)+)", text, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {word for words in told for word in words.split()} - targets == set()
    commands = set(re.findall(r"(?:`|^)stadt ([a-z][a-z-]*)", text, re.MULTILINE))
    assert commands - set(cli.COMMANDS) == set()


def test_variables_that_are_told_are_read() -> None:
    known = set(
        re.findall(
            r"^\| `([A-Z_]+)` \|", (ROOT / "docs/reference/environment.md").read_text("utf-8"), re.MULTILINE
        )
    )
    for document in DOCUMENTS:
        told = set(re.findall(r"\b(?:STADT_[A-Z_]+|DATABASE_URL)\b", document.read_text("utf-8")))
        assert told - known == set(), name_of(document)


def test_every_word_of_the_glossary_occurs_in_the_code_once() -> None:
    rows = re.findall(
        r"^\| (.+?) \| `(\w+)` \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
    )
    german, english = [row[0] for row in rows], [row[1] for row in rows]
    assert len(set(german)) == len(german)
    assert len(set(english)) == len(english)
    words = {word for text in code() for word in re.findall(r"\w+", text)}
    assert [word for word in english if word not in words] == []


def test_every_declared_dependency_is_in_the_table_with_a_licence_that_fits() -> None:
    table = dict(ROW.findall((ROOT / "docs/decisions/dependencies.md").read_text("utf-8")))
    assert declared_packages() == set(table)
    assert {licence.strip() for licence in table.values()} <= LICENCES


def declared_packages() -> set[str]:
    """The names in pyproject.toml (running, tests, checks, build) and in frontend/package.json."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    groups = [PROJECT["project"]["dependencies"], *extras, *PROJECT["dependency-groups"].values()]
    lines = [line for group in groups for line in group if isinstance(line, str)]
    names = {re.split(r"[\[<>=~! ;]", line)[0] for line in lines}
    package = json.loads((ROOT / "frontend/package.json").read_text("utf-8"))
    return names | set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))


def test_every_decision_is_listed_and_says_the_four_things() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    for path in sorted((ROOT / "docs/decisions").glob("0*.md")):
        text = path.read_text("utf-8")
        assert path.name in index
        assert [
            part for part in ("Context", "Decision", "Alternatives", "Risks") if f"## {part}\n" not in text
        ] == []


def test_the_version_is_the_same_everywhere() -> None:
    version = PROJECT["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert stadt.__version__ == version
    for name in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / "frontend" / name).read_text("utf-8"))["version"] == version, name
    assert f'softwareVersion: "{version}"' in (ROOT / "publiccode.yml").read_text("utf-8")


def test_publiccode_has_what_the_standard_demands() -> None:
    text = (ROOT / "publiccode.yml").read_text("utf-8")
    top = re.findall(r"^([A-Za-z]+):", text, re.MULTILINE)
    demanded = "publiccodeYmlVersion name url platforms developmentStatus softwareType description legal maintenance localisation"
    assert set(demanded.split()) <= set(top)
    assert len(top) == len(set(top))
    short = re.findall(r"shortDescription: (.+)", text)
    long = re.findall(r"longDescription: >\n((?: {6}.*\n|\n)+)", text)
    assert len(short) == len(long) == 2
    assert max(len(sentence) for sentence in short) <= 150
    assert all(150 <= len(" ".join(paragraph.split())) <= 10_000 for paragraph in long)
    assert f"license: {PROJECT['project']['license']}\n" in text


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [number for number in range(1, 16) if f"\n{number}." not in text] == []
    assert "Appendix" in text
