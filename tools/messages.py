"""Collects the German texts of each Django app, checks their English translations and compiles them.

    python tools/messages.py extract [--write] [TREE]    list the texts, or add new ones to each app's django.po
    python tools/messages.py check [TREE]                everything translated, nothing fuzzy, obsolete or left over
    python tools/messages.py compile [TREE]              django.po -> django.mo where the .po is newer

German is the message id. An app's texts are those of its folder: gettext calls in Python, `translate` tags in
templates, and the titles and descriptions in its declarations (pages, permissions, datasets, …).
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django.conf
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from finding import ROOT, Finding, report
from source import parse

LANGUAGES = ("en",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "ngettext_noop": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Declarations whose plain texts are translated when shown: class -> the arguments that are texts, in their positions.
DECLARATIONS: dict[str, dict[str, int | None]] = {
    "Page": {"title": 3},
    "Permission": {"title": 1},
    "Layer": {"title": 1},
    "SearchSource": {"title": 1},
    "Dataset": {"title": 1, "description": 2, "keywords": None},
    "Column": {"title": 2, "description": 4},
    "Indicator": dict.fromkeys(
        ("title", "description", "formula", "source", "numerator", "denominator", "method")
    ),
    "Figure": {"reason": None},
    "Figure.missing": {"reason": 0},
    "Figure.share": {"reason": None},
    "sources.query": {"title": 0},
}
CHOICES = frozenset({"TextChoices", "IntegerChoices"})
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|%(?:\d+\$)?[sdfr]|\{\w*(?:[!:][^{}]*)?\}")


@dataclass(frozen=True)
class Text:
    """One text to translate, with where it stands (path relative to the tree)."""

    id: str
    plural: str
    context: str
    file: str
    line: int

    @property
    def key(self) -> tuple[str, str]:
        return self.id, self.context


def app_folders(root: Path) -> list[Path]:
    """The folders that carry a locale of their own: every Django app, and the composition root."""
    package = root / "src" / "stadt"
    found = {path.parent for path in package.rglob("apps.py")} | {package / "config"}
    return sorted(folder for folder in found if folder.is_dir())


def texts_of(app: Path, root: Path) -> Iterator[Text]:
    """All texts of an app's folder, without the apps that may lie inside it and without tests."""
    others = [folder for folder in app_folders(root) if folder != app and app in folder.parents]
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("templates/**/*.txt")]):
        inner = path.relative_to(app).parts
        if "tests" in inner or "migrations" in inner or any(other in path.parents for other in others):
            continue
        text = path.read_text("utf-8")
        file = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            yield from _python_texts(text, file)
            yield from _declared_texts(parse(path), file)
            yield from _formatted_texts(parse(path), file)
        else:
            yield from _template_texts(text, file)


def _python_texts(text: str, file: str) -> Iterator[Text]:
    for line, name, arguments, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
        yield from _text(str(name), arguments, file, line)


def _formatted_texts(tree: ast.Module, file: str) -> Iterator[Text]:
    """Texts inside f-strings: Babel does not look there before Python 3.12."""
    for outer in ast.walk(tree):
        for call in ast.walk(outer) if isinstance(outer, ast.JoinedStr) else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
                yield from _plain(call.args[: 1 if KEYWORDS[call.func.id] is None else 0], file)


def _template_texts(text: str, file: str) -> Iterator[Text]:
    if not django.conf.settings.configured:
        django.conf.settings.configure()
    code = templatize(text, origin=file)
    flat = "\n".join(line.strip() for line in code.splitlines())  # what is left of HTML indents nothing
    yield from _python_texts(flat, file)


def _text(name: str, arguments: object, file: str, line: int) -> Iterator[Text]:
    given = list(arguments) if isinstance(arguments, tuple | list) else [arguments]
    context = ""
    if "pgettext" in name:
        context, given = str(given[0] or ""), given[1:]
    if given and isinstance(given[0], str) and given[0]:
        plural = given[1] if "n" in (name[0], name[1:2]) and len(given) > 1 else ""
        yield Text(given[0], str(plural or ""), context, file, line)


def _declared_texts(tree: ast.Module, file: str) -> Iterator[Text]:
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for argument, position in _texts_asked(node.func).items():
                values = [keyword.value for keyword in node.keywords if keyword.arg == argument]
                if position is not None:
                    values += node.args[position : position + 1]
                yield from _plain([constants.get(_name(value), value) for value in values], file)
        elif isinstance(node, ast.ClassDef):
            is_choices = bool(CHOICES.intersection(map(_name, node.bases)))
            for statement in node.body:
                if not isinstance(statement, ast.Assign):
                    continue
                if is_choices and isinstance(statement.value, ast.Tuple):
                    yield from _plain(statement.value.elts[-1:], file)
                elif file.endswith("/apps.py") and _name(statement.targets[0]) == "title":
                    yield from _plain([statement.value], file)


def _texts_asked(called: ast.expr) -> dict[str, int | None]:
    name = _name(called)
    owner = _name(called.value) if isinstance(called, ast.Attribute) else ""
    return DECLARATIONS.get(f"{owner}.{name}") or DECLARATIONS.get(name, {})


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """A module's own constants, so that a declaration may name one."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            yield _name(statement.targets[0]), statement.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _plain(values: list[ast.expr], file: str) -> Iterator[Text]:
    for value in values:
        if isinstance(value, ast.Tuple | ast.List):
            yield from _plain(value.elts, file)
        elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield Text(value.value, "", "", file, value.lineno)


def po_path(app: Path, language: str) -> Path:
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    """The translations of one file; an empty catalogue when it does not exist."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def check(root: Path) -> list[Finding]:
    """Every text of every app has a translation whose placeholders agree, and nothing else stands in the file."""
    findings: list[Finding] = []
    for language in LANGUAGES:
        known: dict[tuple[str, str], tuple[list[str], str]] = {}
        for app in app_folders(root):
            texts = {text.key: text for text in texts_of(app, root)}
            path = po_path(app, language)
            catalogue, file = read_catalogue(path, language), path.relative_to(root).as_posix()
            findings += _check_catalogue(catalogue, texts, file)
            findings += _check_agreement(catalogue, known, file)
    return sorted(findings)


def _check_agreement(
    catalogue: Catalog, known: dict[tuple[str, str], tuple[list[str], str]], file: str
) -> Iterator[Finding]:
    """Django keeps one translation of a text for all apps, so the apps have to agree; `known` grows by this file's."""
    for entry in catalogue:
        key = (_strings(entry, "id")[0], entry.context or "")
        said, where = known.setdefault(key, (_strings(entry), file))
        if key[0] and said != _strings(entry):
            advice = f"{_short(key[0])} is {_short(said[0])} in {where}: choose one, or other German words"
            yield Finding(file, entry.lineno or 1, "two translations", advice)


def _check_catalogue(catalogue: Catalog, texts: dict[tuple[str, str], Text], file: str) -> Iterator[Finding]:
    for text in texts.values():
        entry = catalogue.get(text.id, text.context or None)
        if entry is None or not all(_strings(entry)):
            advice = f"add {_short(text.id)} to {file} (tools/messages.py extract --write)"
            yield Finding(text.file, text.line, "untranslated text", advice)
    for entry in catalogue:
        key = (_strings(entry, "id")[0], entry.context or "")
        if not key[0]:
            continue
        line = entry.lineno or 1
        if entry.fuzzy:
            yield Finding(file, line, "fuzzy translation", f"check {_short(key[0])} and remove the mark")
        if key not in texts:
            yield Finding(file, line, "text not in use", f"remove {_short(key[0])}")
        wanted = {tuple(sorted(PLACEHOLDER.findall(text))) for text in _strings(entry, "id")}
        for translation in filter(None, _strings(entry)):
            if tuple(sorted(PLACEHOLDER.findall(translation))) not in wanted:
                yield Finding(
                    file, line, "placeholders differ", f"{_short(key[0])} and {_short(translation)}"
                )
    for old in catalogue.obsolete.values():
        yield Finding(
            file, old.lineno or 1, "obsolete translation", f"remove {_short(_strings(old, 'id')[0])}"
        )


def _strings(entry: Entry, attribute: str = "string") -> list[str]:
    value = getattr(entry, attribute)
    return [str(part) for part in value] if isinstance(value, tuple | list) else [str(value or "")]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"„{flat if len(flat) <= 60 else flat[:57] + '…'}“"


def merge(app: Path, root: Path, language: str) -> Catalog:
    """The app's catalogue with every text of today: known translations are kept, what nobody says is dropped."""
    old = read_catalogue(po_path(app, language), language)
    new = Catalog(locale=language, project="vernetzte-stadt", fuzzy=False)
    for text in sorted(texts_of(app, root), key=lambda text: (text.file, text.line, text.id)):
        known = old.get(text.id, text.context or None)
        string = known.string if known is not None else ("", "") if text.plural else ""
        id_: str | tuple[str, str] = (text.id, text.plural) if text.plural else text.id
        new.add(id_, string, locations=[(text.file, 0)], context=text.context or None)
    return new


def write_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a .po file that depends on its texts only: no dates, no line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True, include_lineno=False, sort_by_file=True)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + buffer.getvalue().decode().strip() + "\n", "utf-8")


def extract(root: Path, *, write: bool) -> int:
    """List every app's texts with their number of missing translations, or write them into the .po files."""
    for app in app_folders(root):
        texts = {text.key: text for text in texts_of(app, root)}
        for language in LANGUAGES if texts else ():
            path = po_path(app, language)
            catalogue = read_catalogue(path, language)
            missing = [text for text in texts.values() if not catalogue.get(text.id, text.context or None)]
            print(f"{app.relative_to(root)}: {len(texts)} texts, {len(missing)} not in {language}")
            if write:
                write_catalogue(merge(app, root, language), path)
            for text in () if write else missing:
                print(f"  {text.file}:{text.line}: {_short(text.id)}")
    return 0


def compile_all(root: Path) -> int:
    """Compile every .po of the package whose .mo is missing or older."""
    count = 0
    for path in sorted((root / "src").rglob("locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read_catalogue(path, path.parts[-3]))
        target.write_bytes(buffer.getvalue())
        count += 1
    print(f"messages: {count} compiled.")
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Texts and translations.")
    parser.add_argument("verb", choices=("extract", "check", "compile"))
    parser.add_argument("tree", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--write", action="store_true", help="extract: write into the .po files")
    given = parser.parse_args(arguments)
    root = given.tree.resolve()
    if given.verb == "extract":
        return extract(root, write=given.write)
    if given.verb == "compile":
        return compile_all(root)
    return report("messages", check(root))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
