"""Checks that no write goes unaudited: each public function of a services module that writes reaches `record(`.

    python tools/audited.py [TREE]

An exception is one line of `tools/audit_exceptions.txt`: the function and the reason. It may not outlive its need.

    src/stadt/hub/observations/services.py::store single observations are not audited (architecture, 6)
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from finding import ROOT, Finding, report
from source import PACKAGE, Module, Source

EXCEPTIONS = "tools/audit_exceptions.txt"
RECORD = f"{PACKAGE}.core.audit.record"
SERVICES = "services"
# What writes rows: Django's managers and rows, and a cursor's statements.
WRITING = frozenset(
    {
        "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user",
        "execute", "executemany", "copy",
    }
)  # fmt: skip
ATOMIC = re.compile(r"(?:transaction\.)?atomic")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Known:
    """A function: whether it writes by itself, and the full names of what it calls."""

    path: str
    line: int
    is_public: bool
    writes: bool
    calls: set[str] = field(default_factory=set)


def read(source: Source) -> dict[str, Known]:
    """Every function at the top of a module, by its full name."""
    found: dict[str, Known] = {}
    for module in source.modules.values():
        if not module.is_test:
            found.update(_functions(source, module))
    return found


def _functions(source: Source, module: Module) -> Iterator[tuple[str, Known]]:
    names = dict(_imported(module))
    here = {node.name for node in module.tree.body if isinstance(node, Function)}
    names.update({name: f"{module.name}.{name}" for name in here})
    for node in module.tree.body:
        if isinstance(node, Function):
            calls = {name for call in ast.walk(node) if (name := _target(call, names))}
            path = source.relative(module.path)
            is_public = not node.name.startswith("_")
            yield f"{module.name}.{node.name}", Known(path, node.lineno, is_public, _writes(node), calls)


def _imported(module: Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _target(node: ast.AST, names: dict[str, str]) -> str:
    """The full name of what is called or handed on: `f(…)`, `module.f(…)`, `on_commit(f)`."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
        return f"{names[node.value.id]}.{node.attr}"
    return ""


def _writes(node: Function) -> bool:
    if any(ATOMIC.fullmatch(ast.unparse(decorator)) for decorator in node.decorator_list):
        return True
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            is_update = call.func.attr == "update" and bool(call.keywords) and not call.args
            if (call.func.attr in WRITING and not _only_selects(call)) or is_update:
                return True
    return False


def _only_selects(call: ast.Call) -> bool:
    """Whether a statement is a plain SELECT."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.JoinedStr) and first.values:
        first = first.values[0]
    text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return text.lstrip().upper().startswith("SELECT ")


def reaches(known: dict[str, Known], start: str, goal: str) -> bool:
    """Whether a function calls another, directly or by way of others."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen and name in known:
            seen.add(name)
            waiting += known[name].calls
    return False


def writes_somewhere(known: dict[str, Known], start: str) -> bool:
    """Whether a function or a private one of the services that it calls writes."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        if known[name].writes:
            return True
        waiting += [called for called in known[name].calls if _is_private_service(called)]
    return False


def _is_private_service(name: str) -> bool:
    *module, function = name.split(".")
    return function.startswith("_") and SERVICES in module


def check(root: Path) -> list[Finding]:
    """Verbs that write and leave no row, and exceptions that nobody needs."""
    known = read(Source(root))
    granted, findings = {}, []
    path = root / EXCEPTIONS
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.exists() else (), 1):
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.strip().partition(" ")
            granted[name] = number
            if not reason.strip():
                findings.append(
                    Finding(EXCEPTIONS, number, "unreadable exception", "write: function, reason")
                )
    for name, function in known.items():
        short = f"{function.path}::{name.rsplit('.', 1)[1]}"
        is_verb = function.is_public and SERVICES in name.split(".")[:-1]
        if not is_verb or not writes_somewhere(known, name) or reaches(known, name, RECORD):
            continue
        if granted.pop(short, None) is None:
            advice = f"{short} writes and leaves no row in the audit: call record(actor, verb, subject)"
            findings.append(Finding(function.path, function.line, "unaudited write", advice))
    findings += [
        Finding(EXCEPTIONS, number, "stale exception", f"remove {name}: it is not needed")
        for name, number in granted.items()
    ]
    return sorted(findings)


if __name__ == "__main__":
    sys.exit(report("audited", check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
