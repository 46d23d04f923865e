"""What somebody may have meant who found nothing: known words that differ by a typing error."""

from django.db import connection

from stadt.hub.opendata.index.asking import ask, fold_keeping_umlauts, lexemes_of
from stadt.hub.opendata.index.lag import hidden
from stadt.hub.opendata.index.plans import by_words
from stadt.hub.opendata.index.words import fold, spell

SHORTEST = 4
LONGEST = 40
MOST_CANDIDATES = 3000
MOST_TRIED = 5
MOST_SHOWN = 3

# One error leaves the beginning or the end of a word whole, so known words with either are looked at; the halves are
# short enough that two letters swapped in the middle leave both.
CANDIDATES = (
    "(SELECT word, shown FROM opendata_catalogueword WHERE word LIKE %s AND length(word) BETWEEN %s AND %s LIMIT %s) UNION"
    " (SELECT word, shown FROM opendata_catalogueword WHERE reverse(word) LIKE %s AND length(word) BETWEEN %s AND %s LIMIT %s)"
)


def suggest(words: str) -> list[str]:
    """Other spellings of some words, best first, that find something; none where every word is known."""
    typed = fold_keeping_umlauts(words)
    stems = lexemes_of(typed) if typed else {}
    choices: list[tuple[str, ...]] = []
    for word in typed:
        known = not stems[word] or _finds(word)
        choices.append((word,) if known else (*_close(word), word))
    if not any(len(found) > 1 for found in choices):
        return []
    tried = [" ".join(found[0] for found in choices)]
    for place, found in enumerate(choices):
        tried += [
            " ".join(other if here == place else some[0] for here, some in enumerate(choices))
            for other in found[1:]
            if other != typed[place]
        ]
    asked = " ".join(typed)
    fitting = (
        text for text in dict.fromkeys(tried[:MOST_TRIED]) if text.casefold() != asked and _finds(text)
    )
    return list(fitting)[:MOST_SHOWN]


def _finds(words: str) -> bool:
    question = ask(words)
    if not question:
        return False
    with by_words(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM opendata_catalogueentry WHERE search @@ %s::tsquery AND key <> ALL(%s) LIMIT 1",
            [question.query("x", wide=True), hidden()],
        )
        return cursor.fetchone() is not None


def _close(word: str) -> list[str]:
    """Known words at most two errors away, as they are written; of a short word one error."""
    forms = {fold(word), spell(word)}
    longest = max(map(len, forms))
    if longest < SHORTEST or longest > LONGEST:
        return []
    most = 1 if longest < 2 * SHORTEST else 2
    found: dict[str, tuple[int, str]] = {}
    for form in forms:
        half = max(1, (len(form) - 1) // 2)
        span = [len(form) - most, len(form) + most, MOST_CANDIDATES]
        with connection.cursor() as cursor:
            cursor.execute(CANDIDATES, [f"{form[:half]}%", *span, f"{form[: -half - 1 : -1]}%", *span])
            rows = cursor.fetchall()
        for known, shown in rows:
            errors = distance(form, known, most)
            if errors <= most and errors < found.get(shown, (most + 1, ""))[0]:
                found[shown] = (errors, known)
    return [shown for shown, _ in sorted(found.items(), key=lambda item: (item[1][0], item[1][1]))][
        :MOST_SHOWN
    ]


def distance(left: str, right: str, most: int) -> int:
    """How many letters were left out, added, exchanged or swapped with the next (optimal string alignment).

    Counts to `most` + 1 and no further.
    """
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        here = [row]
        for column, other in enumerate(right, 1):
            cost = min(above[column] + 1, here[column - 1] + 1, above[column - 1] + (letter != other))
            is_swap = row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other
            here.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        if min(here) > most:
            return most + 1
        before, above = above, here
    return above[-1]
