"""Reads `$apply`: the part of OData's data aggregation (4.0, clause 3) that makes buckets of time.

    filter(result gt 0)/groupby((bucket(phenomenonTime,'PT1H')),aggregate(result with average as mean,$count as count))

`bucket` is a function of ours where OData has a property to group by; `p50`, `p95` and `coverage` are methods of ours.
"""

import re

from stadt.hub.sta.syntax.expressions import Reader
from stadt.hub.sta.syntax.lexer import Kind
from stadt.hub.sta.syntax.nodes import Aggregate, Apply, Expression
from stadt.hub.sta.syntax.problems import BadQuery, unknown

WIDTHS = ("PT15M", "PT1H", "P1D", "P1M")
METHODS = ("sum", "min", "max", "average", "p50", "p95")
COUNT, COVERAGE = "$count", "coverage"
ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
TAKEN = frozenset({"phenomenonTime", "id"})
MOST_FIGURES = 20


def read_apply(reader: Reader) -> Apply:
    """The one transformation that is understood, after an optional `filter`.

    Raises:
        BadQuery: at what does not fit.
    """
    position = reader.current.position
    condition: Expression | None = None
    if reader.current.text == "filter":
        reader.advance()
        reader.expect("(")
        condition = reader.expression()
        reader.expect(")")
        reader.expect("/")
    _word(reader, "groupby")
    reader.expect("(")
    reader.expect("(")
    width = _bucket(reader)
    reader.expect(")")
    reader.expect(",")
    _word(reader, "aggregate")
    reader.expect("(")
    figures = [_figure(reader)]
    while reader.accept(","):
        if len(figures) >= MOST_FIGURES:
            raise BadQuery(reader.current.position, f"at most {MOST_FIGURES} figures are allowed")
        figures.append(_figure(reader))
        if figures[-1].name in {item.name for item in figures[:-1]}:
            raise BadQuery(figures[-1].position, f"'{figures[-1].name}' is named twice")
    reader.expect(")")
    reader.expect(")")
    return Apply(position, width, tuple(figures), condition)


def _word(reader: Reader, text: str) -> None:
    if reader.current.kind is not Kind.WORD or reader.current.text != text:
        raise reader.surprise(f"expected '{text}'")
    reader.advance()


def _bucket(reader: Reader) -> str:
    _word(reader, "bucket")
    reader.expect("(")
    _word(reader, "phenomenonTime")
    reader.expect(",")
    token = reader.current
    if token.kind not in {Kind.STRING, Kind.TYPED}:
        raise reader.surprise(f"expected a length such as '{WIDTHS[1]}'")
    width = token.text.removeprefix("duration").strip("'")
    if width not in WIDTHS:
        raise BadQuery(token.position, f"a bucket is as long as one of {', '.join(WIDTHS)}")
    reader.advance()
    reader.expect(")")
    return width


def _figure(reader: Reader) -> Aggregate:
    token = reader.current
    if token.kind is Kind.OPTION and token.text == COUNT:
        reader.advance()
        return Aggregate(token.position, COUNT, _alias(reader))
    if token.kind is Kind.WORD and token.text == COVERAGE:
        reader.advance()
        is_named = reader.current.text == "as"
        return Aggregate(token.position, COVERAGE, _alias(reader) if is_named else COVERAGE)
    if token.kind is not Kind.WORD or token.text != "result":
        raise reader.surprise("expected result, $count or coverage")
    reader.advance()
    _word(reader, "with")
    method = reader.current
    if method.kind is not Kind.WORD or method.text not in METHODS:
        raise unknown(method.position, "method", method.text, METHODS)
    reader.advance()
    return Aggregate(token.position, method.text, _alias(reader))


def _alias(reader: Reader) -> str:
    _word(reader, "as")
    token = reader.current
    if token.kind is not Kind.WORD or not ALIAS.fullmatch(token.text) or token.text in TAKEN:
        raise reader.surprise("expected a name of letters, digits and '_' other than phenomenonTime and id")
    reader.advance()
    return token.text
