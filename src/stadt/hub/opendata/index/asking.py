"""What somebody typed as a question to the index: each word with its stems, and wider: compounds and synonyms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from stadt.hub.opendata.index.synonyms import synonyms
from stadt.hub.opendata.index.words import LONGEST_WORD, fold, spellings

MOST_WORDS = 12
LONGEST_PHRASE = 4  # words of a synonym
SHORTEST_BEGINNING = 3  # Rad → Radverkehr
SHORTEST_END = 4  # Behälter → Abfallbehälter; shorter ends are mostly chance
MOST_COMPOUNDS = 200

LEXEMES = (
    "SELECT w, tsvector_to_array(to_tsvector('pg_catalog.german', w)), tsvector_to_array(to_tsvector('pg_catalog.english', w))"
    " FROM unnest(%s::text[]) AS w"
)
ENDING = (
    "SELECT s, array(SELECT DISTINCT stem FROM opendata_catalogueword WHERE backwards LIKE reverse(s) || '%%'"
    " AND stem <> s ORDER BY stem LIMIT %s) FROM unnest(%s::text[]) AS s"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was asked for.

    `exact` are its stems, `begins` those that longer words may begin with, `wide` stems of other words, each a group that
    must stand together: compounds that end like it, and synonyms.
    """

    text: str
    exact: tuple[str, ...]
    begins: tuple[str, ...] = ()
    wide: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Words that must all be met. Empty: everything."""

    words: tuple[Word, ...] = ()

    def query(self, where: str, *, wide: bool) -> str:
        """PostgreSQL's tsquery: every word in one of the places `where` (`tkn`), as it is or wider."""
        return " & ".join(f"({_word(word, where, wide=wide)})" for word in self.words)

    def __bool__(self) -> bool:
        return bool(self.words)


def ask(text: str) -> Question:
    """Understand what was typed. Words without meaning of their own (der, und) are left out; at most twelve count."""
    typed = [word[:LONGEST_WORD] for word in fold_keeping_umlauts(text)][:MOST_WORDS]
    known = synonyms()
    phrases = _phrases(typed, known)
    lexemes = lexemes_of(
        [*typed, *(word for phrase in phrases.values() for other in phrase for word in other.split())]
    )
    stems = {word: lexemes[word] for word in typed if lexemes[word]}
    endings = _endings(stem for found in stems.values() for stem in found if len(stem) >= SHORTEST_END)
    words = []
    for word, found in stems.items():
        others = [
            tuple(dict.fromkeys(lexemes[part][0] for part in other.split() if lexemes[part]))
            for other in phrases.get(word, ())
        ]
        compounds = [(stem,) for own in found for stem in endings.get(own, ())]
        words.append(
            Word(
                word,
                found,
                tuple(stem for stem in found if len(stem) >= SHORTEST_BEGINNING),
                tuple(dict.fromkeys([*compounds, *(other for other in others if other)])),
            )
        )
    return Question(tuple(words))


def fold_keeping_umlauts(text: str) -> list[str]:
    """The words as typed, in lower case; what separates words is dropped."""
    return "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()


def lexemes_of(words: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """For each word its stems in German and English, in both spellings of its umlauts; none for a word without meaning."""
    forms = {word: spellings(word) for word in words}
    with connection.cursor() as cursor:
        cursor.execute(LEXEMES, [sorted({form for found in forms.values() for form in found})])
        rows = {form: (german, english) for form, german, english in cursor.fetchall()}
    return {word: _stems(found, rows) for word, found in forms.items()}


def _stems(forms: Sequence[str], rows: Mapping[str, tuple[list[str], list[str]]]) -> tuple[str, ...]:
    if any(not german or not english for german, english in (rows[form] for form in forms)):
        return ()
    return tuple(dict.fromkeys(stem for form in forms for language in rows[form] for stem in language))


def _phrases(typed: Sequence[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """For each word its synonyms, in lower case with umlauts; several words in a row have synonyms by their first."""
    found: dict[str, list[str]] = {}
    for word in typed:
        others = [other for form in spellings(word) for other in known.get(form, ())]
        if others:
            found[word] = [" ".join(fold_keeping_umlauts(other)) for other in dict.fromkeys(others)]
    return found


def _endings(stems: Iterable[str]) -> dict[str, list[str]]:
    wanted = sorted(set(stems))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ENDING, [MOST_COMPOUNDS, wanted])
        return dict(cursor.fetchall())


def quoted(lexeme: str, *, begins: bool = False) -> str:
    """A lexeme as it stands in a tsquery."""
    inside = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{inside}'" + (":*" if begins else "")


def _word(word: Word, where: str, *, wide: bool) -> str:
    """A word's choices, none of which another one holds already: each costs a pass over its postings."""
    if not wide:
        return " | ".join(quoted(place + stem) for place in where for stem in word.exact)
    begins = [
        stem
        for stem in word.begins
        if not any(stem != other and stem.startswith(other) for other in word.begins)
    ]
    groups = [
        group
        for group in ((stem,) for stem in word.exact)
        if not any(group[0].startswith(other) for other in begins)
    ] + [
        group for group in word.wide if not any(stem.startswith(other) for stem in group for other in begins)
    ]
    choices = [quoted(place + stem, begins=True) for place in where for stem in begins]
    choices += [
        f"({' & '.join(quoted(place + stem) for stem in group)})" for place in where for group in groups
    ]
    return " | ".join(choices)


__all__ = ["Question", "Word", "ask", "fold", "lexemes_of", "quoted"]
