"""What checks the delivery notices what it is there for: licences, weaknesses, service files, container file."""

import re
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest

import advisories
import parts
from finding import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
HARDENED = (
    "CapabilityBoundingSet",
    "NoNewPrivileges",
    "PrivateTmp",
    "ProtectHome",
    "ProtectSystem",
    "RestrictAddressFamilies",
    "SystemCallFilter",
)


@pytest.mark.parametrize(
    ("expression", "is_fitting"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("BSD-3-Clause AND MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT AND AGPL-3.0-only)", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_fits_or_does_not(expression: str, is_fitting: bool) -> None:
    assert parts.fits(expression) is is_fitting


def test_a_package_whose_licence_does_not_fit_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text(
        "django==5.2.19 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    )
    assert list(parts.check(tmp_path)) == []
    monkeypatch.setattr(parts, "licence_of", lambda name: "GPL-3.0-only")
    assert [finding.rule for finding in parts.check(tmp_path)] == ["licence"]


def test_the_list_of_parts_names_every_pinned_package_with_version_and_hash() -> None:
    text = parts.PINS.read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", text, re.MULTILINE))
    bill = parts.bill(text)
    assert {(part.name, part.version) for part in bill.components} == pinned
    assert all(part.hashes for part in bill.components)


def document(**package: Any) -> dict[str, Any]:
    return {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": [], **package}]}


def test_a_known_weakness_is_told_with_what_mends_it() -> None:
    answer = advisories.understand(document(vulns=[{"id": "PYSEC-1", "fix_versions": ["5.2.20"]}]))
    assert answer.weaknesses == ("django 5.2.19: PYSEC-1, mended in 5.2.20",)


def test_packages_that_could_not_be_asked_about_are_not_taken_for_sound() -> None:
    unknown = {"dependencies": [{"name": "django", "skip_reason": "not found"}]}
    assert not advisories.understand(unknown).knows_anything
    assert advisories.understand(document()).knows_anything


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_runs_without_rights_it_does_not_need(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "stadt"
    assert [name for name in HARDENED if name not in service] == []


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_starts_a_command_that_exists(path: Path) -> None:
    from stadt.config.cli import COMMANDS

    words = unit(path)["Service"]["ExecStart"].split()
    assert words[0] == "/opt/vernetzte-stadt/bin/stadt"
    assert words[1] in COMMANDS


def test_the_container_is_nobodys_root_and_is_asked_for_its_health() -> None:
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["10001"]
    assert "HEALTHCHECK" in text
    assert "/health/ready" in text
    assert "--require-hashes" in text
