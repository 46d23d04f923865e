"""What every check of this folder reports: one place in the tree, the rule it breaks, what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of a rule. `file` is relative to the tree that was checked, `line` counts from one."""

    file: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.advice}"


def report(name: str, findings: Iterable[Finding]) -> int:
    """Print the findings in order and return the exit code: 0 without findings, else 1."""
    found = sorted(set(findings))
    for finding in found:
        print(finding)
    if found:
        print(f"{name}: {len(found)} finding{'s' if len(found) > 1 else ''}.", file=sys.stderr)
        return 1
    print(f"{name}: nothing found.")
    return 0
