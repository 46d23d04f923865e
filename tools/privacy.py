"""Checks that every app which keeps personal data declares it in its privacy.py.

Run it with `python tools/privacy.py [TREE]`. A field is suspected when it is an e-mail field, carries the name of a
personal fact, or refers to a person's account. Each suspected field is declared, not guessed, in the app's privacy.py:

    PERSONAL = {"User": ("email", "name")}                              # told on export, removed on erasure
    NOT_PERSONAL = {"Source.contact_email": "mailbox of an office"}     # with the reason

An app with PERSONAL data has `export` and `erase` in privacy.py, plugs them in by `privacy=Privacy(…)` in its manifest, and
tests both in tests/test_privacy.py.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from finding import ROOT, Finding, report
from source import parse

WORDS = frozenset(
    [
        "address",
        "birth_date",
        "birthday",
        "birthplace",
        "contact_name",
        "email",
        "e_mail",
        "family_name",
        "first_name",
        "full_name",
        "gender",
        "given_name",
        "iban",
        "ip",
        "ip_address",
        "last_name",
        "licence_plate",
        "mobile",
        "mobile_phone",
        "nationality",
        "person_name",
        "phone",
        "phone_number",
        "postal_address",
        "street",
        "telephone",
    ]
)
ACCOUNT = ("User", "core.User", "AUTH_USER_MODEL", "get_user_model")
RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})
DUTIES = ("export", "erase")
MANIFESTS = ("manifest.py", "own_manifest.py")


@dataclass(frozen=True)
class Field:
    """A field of a model."""

    model: str
    name: str
    file: str
    line: int
    is_suspected: bool

    @property
    def key(self) -> str:
        return f"{self.model}.{self.name}"


def check(root: Path) -> list[Finding]:
    """Suspected fields that are not declared, and declarations that name nothing."""
    package = root / "src" / "stadt"
    folders = sorted({path.parent for path in package.rglob("apps.py")})
    return sorted(finding for folder in folders for finding in _check_app(folder, root))


def _check_app(folder: Path, root: Path) -> Iterator[Finding]:
    fields = {field.key: field for field in _fields(folder, root)}
    declaration = folder / "privacy.py"
    personal, harmless, functions = _declared(declaration)
    for field in fields.values():
        if field.is_suspected and field.key not in personal and field.key not in harmless:
            advice = f"declare {field.key} in {declaration.relative_to(root).as_posix()}, as PERSONAL or NOT_PERSONAL"
            yield Finding(field.file, field.line, "undeclared personal field", advice)
    place = partial(Finding, declaration.relative_to(root).as_posix(), 1)
    for key in sorted((personal | harmless) - fields.keys()):
        yield place("unknown field", f"{key} is no field of this app; remove it")
    if personal:
        if not _declares_privacy(folder):
            yield place(
                "unplugged duty", "declare privacy=Privacy(…) in the app's manifest, or nobody calls them"
            )
        for name in DUTIES:
            if name not in functions:
                yield place("missing duty", f"write `{name}`: what becomes of this data when its person asks")
        if not (folder / "tests/test_privacy.py").exists():
            yield place("untested duty", "test export and erasure in tests/test_privacy.py")


def _declares_privacy(folder: Path) -> bool:
    """Whether the app's manifest plugs its duties in."""
    for name in MANIFESTS:
        path = folder / name
        for node in ast.walk(parse(path)) if path.exists() else ():
            if isinstance(node, ast.Call) and _name(node.func) == "Manifest":
                return any(keyword.arg == "privacy" for keyword in node.keywords)
    return False


def _fields(folder: Path, root: Path) -> Iterator[Field]:
    for path in sorted(folder.rglob("*.py")):
        inner = path.relative_to(folder).parts
        if "models" not in path.relative_to(folder).as_posix() or {"tests", "migrations"}.intersection(inner):
            continue
        for node in ast.walk(parse(path)):
            for statement in node.body if isinstance(node, ast.ClassDef) else ():
                found = _field_of(statement)
                if isinstance(node, ast.ClassDef) and found:
                    name, call = found
                    file = path.relative_to(root).as_posix()
                    yield Field(node.name, name, file, statement.lineno, _is_suspected(name, call))


def _field_of(statement: ast.stmt) -> tuple[str, ast.Call] | None:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if targets and isinstance(targets[0], ast.Name) and isinstance(value, ast.Call):
        called = _name(value.func)
        if called.endswith("Field") or called in RELATIONS:
            return targets[0].id, value
    return None


def _is_suspected(name: str, call: ast.Call) -> bool:
    called = _name(call.func)
    if (
        called == "EmailField"
        or name in WORDS
        or any(name.endswith(f"_{word}") for word in ("email", "phone"))
    ):
        return True
    targets = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "to")]
    return called in RELATIONS and any(_name(target) in ACCOUNT for target in targets)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _declared(path: Path) -> tuple[set[str], set[str], set[str]]:
    """The fields declared personal, those declared harmless, and the functions of a privacy.py."""
    tree = parse(path) if path.exists() else ast.Module([], [])
    personal: set[str] = set()
    harmless: set[str] = set()
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for statement in tree.body:
        target = (
            statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        )
        value = getattr(statement, "value", None)
        if not isinstance(target, ast.Name) or not isinstance(value, ast.Dict):
            continue
        if target.id not in {"PERSONAL", "NOT_PERSONAL"}:
            continue
        entries = ast.literal_eval(value)
        if target.id == "PERSONAL":
            personal = {f"{model}.{field}" for model, fields in entries.items() for field in fields}
        elif target.id == "NOT_PERSONAL":
            harmless = {str(key) for key, reason in entries.items() if reason}
    return personal, harmless, functions


if __name__ == "__main__":
    sys.exit(report("privacy", check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
