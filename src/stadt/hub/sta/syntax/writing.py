"""Writes syntax trees back as text, for the links of following pages; reading the text gives the same tree."""

from datetime import datetime, time, timedelta
from urllib.parse import quote

from stadt.hub.sta.syntax.nodes import (
    Aggregate,
    Apply,
    Call,
    ExpandItem,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Membership,
    Negation,
    Operation,
    OrderItem,
    Quantified,
    Query,
    Reference,
)

# What may stand in a query string without percent-encoding (RFC 3986, 3.4), without '+', '&' and '#'.
SAFE = "$(),;=:/?@'*!~"


def write_moment(value: datetime) -> str:
    """A time in UTC, to the microsecond where it has them."""
    return value.isoformat().replace("+00:00", "Z")


def write_duration(value: timedelta) -> str:
    """A duration in ISO 8601, to the microsecond."""
    sign, length = ("-", -value) if value < timedelta() else ("", value)
    fraction = f".{length.microseconds:06}" if length.microseconds else ""
    return f"{sign}P{length.days}DT{length.seconds}{fraction}S"


def _literal(node: Literal) -> str:
    value = node.value
    if isinstance(value, Interval):
        return f"{write_moment(value.start)}/{write_moment(value.end)}"
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, timedelta):
        return f"duration'{write_duration(value)}'"
    if isinstance(value, time):
        return value.isoformat()
    if node.kind in {LiteralKind.TEXT, LiteralKind.GEOGRAPHY}:
        prefix = "" if node.kind is LiteralKind.TEXT else node.kind.value
        return f"{prefix}'{str(value).replace(chr(39), chr(39) * 2)}'"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def write_expression(node: Expression) -> str:
    """An expression with parentheses around every part."""
    match node:
        case Literal():
            return _literal(node)
        case Reference():
            return str(node)
        case Operation():
            return f"({write_expression(node.left)} {node.operator} {write_expression(node.right)})"
        case Negation():
            return f"(not {write_expression(node.operand)})"
        case Call():
            return f"{node.function}({_listed(node.arguments)})"
        case Membership():
            return f"({write_expression(node.operand)} in ({_listed(node.items)}))"
        case Quantified():
            inner = write_expression(node.condition)
            return f"{node.collection}/{node.quantifier}({node.variable.text}:{inner})"


def _listed(parts: tuple[Expression, ...]) -> str:
    return ",".join(write_expression(part) for part in parts)


def _order(item: OrderItem) -> str:
    return write_expression(item.expression) + (" desc" if item.descending else "")


def _expand(item: ExpandItem) -> str:
    options = write_options(item.query)
    return (
        f"{item.path}({';'.join(f'{name}={text}' for name, text in options)})" if options else str(item.path)
    )


def _figure(item: Aggregate) -> str:
    what = item.method if item.method in {"$count", "coverage"} else f"result with {item.method}"
    return f"{what} as {item.name}"


def _apply(node: Apply) -> str:
    chosen = f"filter({write_expression(node.filter)})/" if node.filter is not None else ""
    figures = ",".join(_figure(item) for item in node.figures)
    return f"{chosen}groupby((bucket(phenomenonTime,'{node.width}')),aggregate({figures}))"


def write_options(query: Query) -> list[tuple[str, str]]:
    """The options that are given, in a fixed order, as name and text."""
    options: list[tuple[str, str]] = []
    if query.apply is not None:
        options.append(("$apply", _apply(query.apply)))
    if query.filter is not None:
        options.append(("$filter", write_expression(query.filter)))
    if query.expand:
        options.append(("$expand", ",".join(_expand(item) for item in query.expand)))
    if query.select:
        options.append(("$select", ",".join(str(item) for item in query.select)))
    if query.orderby:
        options.append(("$orderby", ",".join(_order(item) for item in query.orderby)))
    if query.count is not None:
        options.append(("$count", "true" if query.count else "false"))
    if query.top is not None:
        options.append(("$top", str(query.top)))
    if query.skip is not None:
        options.append(("$skip", str(query.skip)))
    if query.resultFormat is not None:
        options.append(("$resultFormat", query.resultFormat))
    if query.skiptoken is not None:
        options.append(("$skiptoken", query.skiptoken))
    return options


def write_query_string(query: Query) -> str:
    """The options as a percent-encoded query string."""
    return "&".join(f"{name}={quote(text, safe=SAFE)}" for name, text in write_options(query))
