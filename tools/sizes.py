"""Checks that files stay within 400 lines and functions within 60; exceptions are exact and may only shrink.

    python tools/sizes.py [TREE]

An exception is one line of `tools/size_exceptions.txt`: what, its exact number of lines, the reason.

    src/stadt/web/styles.ts 412 one table of colours, read as a whole
    src/stadt/core/parser.py::parse 73 one rule of the grammar per line
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from finding import ROOT, Finding, report
from source import parse

FILE_LINES = 400
FUNCTION_LINES = 60
EXCEPTIONS = "tools/size_exceptions.txt"
FOLDERS = ("src", "tools", "tests", "benchmarks", "frontend")
SUFFIXES = frozenset({".py", ".ts", ".html"})
SKIPPED = frozenset({"node_modules", "static", "__pycache__", "dist"})  # brought along or built
TS_HEAD = re.compile(r"(?:\)\s*(?::[^={};]+)?|=>)\s*$")
TS_CONTROL = re.compile(r"\b(?:if|for|while|switch|catch|with)\s*$")
TS_NAME = re.compile(r"(?:function\s+|(?:const|let)\s+)?([A-Za-z_$#][\w$]*)\s*(?:[:=][^;{}]*)?\(?$")


@dataclass(frozen=True)
class Size:
    """A file (`name` is its path) or a function (`path::name`) with the number of its lines."""

    name: str
    path: str
    line: int
    lines: int
    limit: int


@dataclass(frozen=True)
class Grant:
    """An exception that was granted: one line of the exceptions file."""

    name: str
    lines: int
    reason: str
    line: int


def measure(root: Path) -> Iterator[Size]:
    """Every file and every function of the tree with its size."""
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text("utf-8")
        yield Size(name, name, 1, len(text.splitlines()), FILE_LINES)
        functions: Iterable[tuple[str, int, int]] = ()
        if path.suffix == ".py":
            functions = _python_functions(parse(path))
        elif path.suffix == ".ts":
            functions = _typescript_functions(text)
        for function, line, lines in functions:
            yield Size(f"{name}::{function}", name, line, lines, FUNCTION_LINES)


def _files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and not SKIPPED.intersection(path.relative_to(root).parts):
                yield path


def _python_functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, int, int]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{node.name}"
            yield name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1
            yield from _python_functions(node, f"{name}.")
        elif isinstance(node, ast.ClassDef):
            yield from _python_functions(node, f"{prefix}{node.name}.")
        else:
            yield from _python_functions(node, prefix)


def _typescript_functions(text: str) -> Iterator[tuple[str, int, int]]:
    """Bodies in braces that follow a parameter list or an arrow; text and comments are blanked out first."""
    code = _blank_texts(text)
    opened: list[tuple[int, bool]] = []
    for position, sign in enumerate(code):
        if sign == "{":
            head = code[max(0, position - 400) : position]
            opened.append((position, bool(TS_HEAD.search(head)) and not _is_control(head)))
        elif sign == "}" and opened:
            start, is_function = opened.pop()
            if is_function:
                line = code.count("\n", 0, start) + 1
                yield _typescript_name(code, start), line, code.count("\n", start, position) + 1


def _parameters_at(head: str) -> int:
    """Where the last parameter list in front of a body begins; -1 when there is none."""
    end = head.rfind(")")
    depth = 0
    for position in range(end, -1, -1):
        depth += {")": 1, "(": -1}.get(head[position], 0)
        if depth == 0:
            return position
    return -1


def _is_control(head: str) -> bool:
    return not head.rstrip().endswith("=>") and bool(TS_CONTROL.search(head[: max(0, _parameters_at(head))]))


def _typescript_name(code: str, start: int) -> str:
    head = code[max(0, start - 400) : start]
    match = TS_NAME.search(head[: max(0, _parameters_at(head))].rstrip().removesuffix("async").rstrip())
    return match.group(1) if match else f"line {code.count(chr(10), 0, start) + 1}"


def _blank_texts(text: str) -> str:
    """The same text with comments and string contents as blanks, so that braces count; keeps line breaks."""
    pattern = re.compile(
        r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`", re.DOTALL
    )
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def read_exceptions(root: Path) -> Iterator[Grant | Finding]:
    """The granted exceptions; a line that cannot be read is a finding."""
    path = root / EXCEPTIONS
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.exists() else (), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = re.fullmatch(r"(\S+) (\d+) (\S.*)", line.strip())
        if match:
            yield Grant(match.group(1), int(match.group(2)), match.group(3), number)
        else:
            yield Finding(EXCEPTIONS, number, "unreadable exception", "write: what, exact number, reason")


def check(root: Path) -> list[Finding]:
    """What is too large without an exception, and exceptions that are larger than needed."""
    read = list(read_exceptions(root))
    findings = [item for item in read if isinstance(item, Finding)]
    granted = {item.name: item for item in read if isinstance(item, Grant)}
    large = {size.name: size for size in measure(root) if size.lines > size.limit}
    for size in large.values():
        exception = granted.get(size.name)
        if exception is None or size.lines > exception.lines:
            noun = "function" if "::" in size.name else "file"
            allowed = exception.lines if exception else size.limit
            advice = f"{size.name} has {size.lines} lines, {allowed} are allowed; split it by noun or verb"
            findings.append(Finding(size.path, size.line, f"{noun} too long", advice))
    for exception in granted.values():
        lines = large[exception.name].lines if exception.name in large else 0
        if lines < exception.lines:
            advice = (
                f"lower {exception.name} to {lines}"
                if lines
                else f"remove {exception.name}: it is not needed"
            )
            findings.append(Finding(EXCEPTIONS, exception.line, "stale exception", advice))
    return sorted(findings)


if __name__ == "__main__":
    sys.exit(report("sizes", check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
