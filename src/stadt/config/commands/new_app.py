"""`stadt new-app`: write the first files of an app into the source tree."""

import argparse
import keyword
import re
import shutil
from pathlib import Path

import stadt
from stadt.config.commands import new_app_files
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.language import in_words

NAME = "new-app"
HELP = in_words(
    "schreibt die ersten Dateien einer neuen App in den Quelltext",
    "writes the first files of a new app into the source tree",
)
NAME_FORM = re.compile(r"[a-z][a-z0-9_]{1,29}")
PATH_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TITLE_FORM = re.compile(r"[^\"'\\{}%<>\n]{1,60}")
# Labels of Django and its companions, floors, and names that say nothing.
RESERVED = frozenset(
    [
        "account",
        "admin",
        "allauth",
        "auth",
        "civic",
        "common",
        "config",
        "contenttypes",
        "core",
        "helpers",
        "hub",
        "messages",
        "misc",
        "postgres",
        "procrastinate",
        "sessions",
        "sites",
        "stadt",
        "staticfiles",
        "tests",
        "util",
        "utils",
        "web",
    ]
)
SETTINGS = Path("src/stadt/config/settings.py")
APPS_SETTING = re.compile(r"^APPS = \((?P<names>[^()]*)\)$", re.MULTILINE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Name, titles, address and where the source tree is."""
    parser.add_argument(
        "name", metavar="NAME", help=in_words("Kennung, zum Beispiel trees", "label, such as trees")
    )
    parser.add_argument(
        "--title", help=in_words("Titel auf dem Bildschirm, deutsch", "German title on screen")
    )
    parser.add_argument("--title-en", help=in_words("Titel auf Englisch", "English title"))
    parser.add_argument("--path", help=in_words("erster Teil der Adresse", "first part of the address"))
    parser.add_argument(
        "--tree",
        type=Path,
        help=in_words("Ordner des Quelltextes", "folder of the source tree"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the files and say what comes next.

    Raises:
        Invalid: name, title or address cannot be used, or there is no source tree; nothing is written.
        Conflict: there is such an app already; nothing is written.
    """
    title = arguments.title or arguments.name.replace("_", " ").title()
    app = new_app_files.NewApp(
        name=arguments.name,
        title=title,
        title_en=arguments.title_en or title,
        path=arguments.path or arguments.name.replace("_", "-"),
    )
    tree = arguments.tree or own_tree()
    check(app, tree)
    written = write(app, tree)
    for path in written:
        print(path.relative_to(tree))
    print(
        in_words(
            f"Fertig. Als Nächstes: manifest.py füllen, dann `make check test`. Die Seite steht unter /{app.path}/.",
            f"Done. Next: fill manifest.py, then `make check test`. The page is at /{app.path}/.",
        )
    )
    return 0


def own_tree() -> Path:
    """The source tree this program runs from.

    Raises:
        Invalid: it was installed as a package, where an app would be written among other packages' files.
    """
    folder = Path(stadt.__file__).parents[2]
    if (folder / "pyproject.toml").is_file() and (folder / SETTINGS).is_file():
        return folder
    raise _invalid(
        "tree",
        "Hier ist kein Quelltext, nur das installierte Paket: --tree nennt den Ordner eines Quelltextes.",
        "There is no source tree here, only the installed package: name one by --tree.",
    )


def check(app: new_app_files.NewApp, tree: Path) -> None:
    """Refuse what cannot become an app of this tree.

    Raises:
        Invalid: with the argument that is wrong.
        Conflict: the app, its documentation or its label exists.
    """
    if not (tree / "src/stadt/apps").is_dir() or not (tree / "docs/apps").is_dir():
        raise _invalid(
            "tree", f"{tree} ist kein Quelltext der Plattform.", f"{tree} is no source tree of the platform."
        )
    if not NAME_FORM.fullmatch(app.name) or keyword.iskeyword(app.name) or app.name in RESERVED:
        raise _invalid(
            "NAME",
            f"„{app.name}“ geht nicht: Kleinbuchstaben, Ziffern und Unterstriche, kein vergebenes Wort.",
            f"“{app.name}” cannot be used: lower-case letters, digits and underscores, and no reserved word.",
        )
    if not PATH_FORM.fullmatch(app.path):
        raise _invalid(
            "path",
            f"„{app.path}“ ist keine Adresse wie baeume.",
            f"“{app.path}” is no address such as trees.",
        )
    for field, text in (("title", app.title), ("title-en", app.title_en)):
        if not TITLE_FORM.fullmatch(text) or not text.strip():
            raise _invalid(
                field,
                "Ein Titel hat 1 bis 60 Zeichen, keine Anführungszeichen und keine Klammern.",
                "A title has 1 to 60 characters, no quotation marks and no braces.",
            )
    taken = [tree / f"src/stadt/{floor}/{app.name}" for floor in ("apps", "civic", "hub")]
    for path in (*taken, tree / f"docs/apps/{app.name}.md"):
        if path.exists():
            shown = path.relative_to(tree)
            raise Conflict(in_words(f"{shown} gibt es schon.", f"{shown} exists already."))
    _installed(tree / SETTINGS)


def write(app: new_app_files.NewApp, tree: Path) -> list[Path]:
    """Write all files of a checked app; the app's folder appears whole or not at all. Returns what was written."""
    folder = tree / "src/stadt/apps" / app.name
    draft = folder.with_name(f".{app.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    files = new_app_files.files_of(app)
    for name, text in files.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    draft.rename(folder)
    page = tree / "docs/apps" / f"{app.name}.md"
    page.write_text(new_app_files.documentation(app), "utf-8")
    index = tree / "docs/apps/README.md"
    if index.exists():
        index.write_text(
            f"{index.read_text('utf-8').rstrip()}\n- [{app.name}]({app.name}.md): {app.title_en}\n", "utf-8"
        )
    install(app.name, tree / SETTINGS)
    return [*(folder / name for name in files), page]


def install(name: str, settings: Path) -> None:
    """Add the app to the list of installed apps."""
    text, match = _installed(settings)
    names = match["names"].rstrip().rstrip(",")
    changed = text[: match.start()] + f'APPS = ({names}, "{name}")' + text[match.end() :]
    settings.write_text(changed, "utf-8")


def _installed(settings: Path) -> tuple[str, re.Match[str]]:
    text = settings.read_text("utf-8") if settings.exists() else ""
    match = APPS_SETTING.search(text)
    if match is None:
        raise _invalid("tree", f"{settings} hat keine Liste APPS.", f"{settings} has no list APPS.")
    return text, match


def _invalid(field: str, german: str, english: str) -> Invalid:
    sentence = in_words(german, english)
    return Invalid(sentence, fields=(FieldError(field, sentence),))
