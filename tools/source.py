"""Reads the source tree: which module a file is, what it imports, which texts it carries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PACKAGE = "stadt"
LOADERS = frozenset({"import_module", "import_string", "__import__"})


@dataclass(frozen=True)
class Reference:
    """One import: the full dotted module it reaches, and the line it stands on."""

    target: str
    line: int


@dataclass
class Module:
    """One Python file of the package, parsed once."""

    path: Path
    name: str
    is_package: bool
    tree: ast.Module = field(repr=False)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts or self.parts[-1] == "conftest"

    @cached_property
    def docstrings(self) -> frozenset[int]:
        """Identities of the constants that are documentation, which may name examples freely."""
        holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, holders) and node.body:
                first = node.body[0]
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    found.add(id(first.value))
        return frozenset(found)

    def texts(self) -> Iterator[tuple[str, int]]:
        """Every string constant with its line, without docstrings."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Constant) or id(node) in self.docstrings:
                continue
            if isinstance(node.value, str):
                yield node.value, node.lineno


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file; one that cannot be read ends the check with one line."""
    try:
        return ast.parse(path.read_text("utf-8"), str(path))
    except SyntaxError as error:
        raise SystemExit(f"{path}:{error.lineno}: {error.msg}") from error


class Source:
    """The Python modules below `src/stadt` of one tree."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.package = root / "src" / PACKAGE
        self.modules = {module.name: module for module in self._read()}

    def _read(self) -> Iterator[Module]:
        for path in sorted(self.package.rglob("*.py")):
            parts = [PACKAGE, *path.relative_to(self.package).with_suffix("").parts]
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(path, name, is_package, parse(path))

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def is_module(self, name: str) -> bool:
        """Whether a dotted name is a module or a package folder of this tree."""
        if name in self.modules:
            return True
        head, _, rest = name.partition(".")
        return head == PACKAGE and (self.package / rest.replace(".", "/")).is_dir()

    def folders(self, floor: str) -> tuple[str, ...]:
        """The names of the packages on a floor, for example every app below `apps`."""
        floor_path = self.package / floor
        if not floor_path.is_dir():
            return ()
        inner = (path for path in floor_path.iterdir() if path.is_dir())
        return tuple(sorted(path.name for path in inner if any(path.glob("*.py"))))

    def references(self, module: Module) -> Iterator[Reference]:
        """Everything a module imports: at its top, in functions, under TYPE_CHECKING, by a loader's literal."""
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Reference(alias.name, node.lineno)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    is_outside = base.split(".")[0] != PACKAGE
                    yield Reference(inner if is_outside or self.is_module(inner) else base, node.lineno)
            elif isinstance(node, ast.Call) and _called(node) in LOADERS and node.args:
                literal = _literal_start(node.args[0])
                if literal:
                    yield Reference(literal, node.lineno)

    def _base(self, module: Module, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = module.parts if module.is_package else module.parts[:-1]
        parts = parts[: len(parts) - (node.level - 1)]
        return ".".join([*parts, node.module] if node.module else parts)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _literal_start(node: ast.expr) -> str:
    """The literal a dynamic import begins with; a formatted string counts up to its first gap."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.rstrip(".").replace(":", ".")
    return ""
