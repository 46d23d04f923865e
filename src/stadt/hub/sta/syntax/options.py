"""Reads the query options of a request, and those in the parentheses of `$expand`."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from stadt.hub.sta.syntax.applying import read_apply
from stadt.hub.sta.syntax.expressions import Reader
from stadt.hub.sta.syntax.lexer import Kind
from stadt.hub.sta.syntax.literals import number
from stadt.hub.sta.syntax.nodes import ExpandItem, Expression, OrderItem, Query, Reference
from stadt.hub.sta.syntax.problems import BadQuery, NotSupported, told_within, unknown

SKIPTOKEN = "$skiptoken"
LARGEST = 2**53
FORMATS = ("dataArray", "CSV", "GeoJSON")
MOST_ITEMS = 50
# Options of OData and of SensorThings' extensions that exist, and are not done here.
ELSEWHERE = frozenset({"$format", "$search", "$compute", "$metadata"})


def split_query(raw: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string, decoded.

    Raises:
        BadQuery: when the percent-encoding is no UTF-8.
    """
    pairs = []
    for part in raw.split(b"&"):
        if not part:
            continue
        name, _, value = part.replace(b"+", b" ").partition(b"=")
        try:
            pairs.append((unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()))
        except UnicodeDecodeError:
            raise BadQuery(1, "the percent-encoding is no UTF-8", "query") from None
    return pairs


def read_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """The options of a request. Names without '$' are the client's own and are ignored (OData 4.01, 11.2.1).

    Raises:
        BadQuery: with the option and the position in it.
    """
    found: dict[str, Any] = {}
    for name, text in pairs:
        if not name.startswith("$"):
            continue
        if name[1:] in found:
            raise BadQuery(1, "given twice", name)
        if name == SKIPTOKEN:
            found["skiptoken"] = text
            continue
        with told_within(name):
            read = _reader_of(name, 1, OUTER)
            reader = Reader(text)
            found[name[1:]] = read(reader)
            reader.finish()
    return Query(**found)


def _reader_of(
    name: str, position: int, readers: dict[str, Callable[[Reader], Any]]
) -> Callable[[Reader], Any]:
    if name in ELSEWHERE or (name == "$apply" and name not in readers):
        raise NotSupported(position, f"'{name}' is not supported")
    if name in OUTER and name not in readers:
        raise BadQuery(position, f"'{name}' is for the whole answer and has no place inside $expand")
    if name not in readers:
        raise unknown(position, "query option", name, (*readers, SKIPTOKEN))
    return readers[name]


def _whole_number(reader: Reader) -> int:
    token = reader.current
    value = number(token) if token.kind is Kind.NUMBER else None
    if not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise reader.surprise("expected a whole number that is not negative")
    reader.advance()
    return value


def _boolean(reader: Reader) -> bool:
    if reader.current.text not in {"true", "false"}:
        raise reader.surprise("expected true or false")
    return reader.advance().text == "true"


def _list(reader: Reader, read: Callable[[Reader], Any]) -> tuple[Any, ...]:
    items = [read(reader)]
    while reader.accept(","):
        if len(items) >= MOST_ITEMS:
            raise BadQuery(reader.current.position, f"at most {MOST_ITEMS} parts are allowed")
        items.append(read(reader))
    return tuple(items)


def _select(reader: Reader) -> tuple[Reference, ...]:
    return _list(reader, Reader.reference)


def _order_item(reader: Reader) -> OrderItem:
    expression = reader.expression()
    # Capitals too, as clients write them (OData 4.01, 11.2.6.2).
    if reader.current.kind is Kind.WORD and reader.current.text.lower() in {"asc", "desc"}:
        return OrderItem(expression, reader.advance().text.lower() == "desc")
    return OrderItem(expression, descending=False)


def _orderby(reader: Reader) -> tuple[OrderItem, ...]:
    return _list(reader, _order_item)


def _filter(reader: Reader) -> Expression:
    return reader.expression()


def _expand(reader: Reader) -> tuple[ExpandItem, ...]:
    reader.enter()
    items = _list(reader, _expand_item)
    reader.leave()
    return items


def _expand_item(reader: Reader) -> ExpandItem:
    path = reader.reference()
    if not reader.accept("("):
        return ExpandItem(path, Query())
    found: dict[str, Any] = {}
    while True:
        token = reader.current
        if token.kind is not Kind.OPTION:
            raise reader.surprise("expected a query option such as $top")
        read = _reader_of(token.text, token.position, READERS)
        if token.text[1:] in found:
            raise BadQuery(token.position, f"'{token.text}' is given twice")
        reader.advance()
        reader.expect("=")
        found[token.text[1:]] = read(reader)
        if not reader.accept(";"):
            break
    reader.expect(")")
    return ExpandItem(path, Query(**found))


def _result_format(reader: Reader) -> str:
    token = reader.current
    if token.kind is not Kind.WORD or token.text not in FORMATS:
        raise unknown(token.position, "format", token.text, FORMATS)
    return reader.advance().text


READERS: dict[str, Callable[[Reader], Any]] = {
    "$top": _whole_number,
    "$skip": _whole_number,
    "$count": _boolean,
    "$select": _select,
    "$orderby": _orderby,
    "$filter": _filter,
    "$expand": _expand,
}
# Of the whole answer: not inside $expand.
OUTER: dict[str, Callable[[Reader], Any]] = {**READERS, "$resultFormat": _result_format, "$apply": read_apply}
