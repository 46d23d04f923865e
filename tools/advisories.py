"""Asks for known weaknesses of the pinned packages, where the package index or its advisory service answers.

Run it with `python tools/advisories.py`. It fails for a weakness that a newer version mends or that nobody mended yet; where nothing
can be asked, as behind a mirror without advisories, it says so in one line and does not fail, because it knows nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finding import ROOT

PINS = ROOT / "requirements" / "run.txt"
CACHE = ROOT / ".cache" / "advisories"
SECONDS = 120
BY_HAND = "pip-audit -r requirements/run.txt --disable-pip --require-hashes"
# Weaknesses that were looked at and do not touch this platform: id → reason. May only shrink.
LOOKED_AT: dict[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """How many packages were asked about, how many could not be, and what is known against them, a line each."""

    asked: int
    unknown: int
    weaknesses: tuple[str, ...]

    @property
    def knows_anything(self) -> bool:
        """Whether the service answered for at least one package."""
        return self.asked > self.unknown


def understand(document: dict[str, Any]) -> Answer:
    """Read pip-audit's JSON."""
    packages = document["dependencies"]
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in packages
        for weakness in package.get("vulns", ())
        if weakness["id"] not in LOOKED_AT
    ]
    return Answer(len(packages), sum("skip_reason" in package for package in packages), tuple(found))


def ask() -> Answer:
    """Run pip-audit; a service that does not answer leaves everything unknown."""
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        "-r",
        str(PINS),
        "--disable-pip",
        "--require-hashes",
    ]
    command += [
        "--progress-spinner",
        "off",
        "--format",
        "json",
        "--cache-dir",
        str(ROOT / ".cache" / "pip-audit"),
    ]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
        return understand(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return Answer(0, 0, ())


def main() -> int:
    """Ask once a day for the same pins; 1 when something is known against one of them."""
    day = dt.datetime.now(dt.UTC).date()
    mark = CACHE / f"{day}-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]}"
    if mark.is_file():
        print(mark.read_text("utf-8"), end="")
        return 0
    answer = ask()
    for weakness in answer.weaknesses:
        print(f"requirements/run.txt: {weakness}")
    if answer.weaknesses:
        return 1
    said = (
        f"advisories: nothing known against {answer.asked - answer.unknown} packages, {answer.unknown} not known there.\n"
        if answer.knows_anything
        else f"advisories: NOT ASKED, no service answers from here. By hand: {BY_HAND}\n"
    )
    CACHE.mkdir(parents=True, exist_ok=True)
    mark.write_text(said, "utf-8")
    print(said, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
