"""`add sub mul div mod` with numbers, times and durations (OData 4.01, 5.1.1.2).

Nothing here can fail in the database: division by zero and times outside the calendar give null.
"""

from dataclasses import replace

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.operands import NUMBERS, TIMES, Operand, as_type, noun_of
from stadt.hub.sta.model import Type
from stadt.hub.sta.syntax.nodes import Operation
from stadt.hub.sta.syntax.problems import BadQuery

ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}
SPANS = frozenset({Type.DURATION})


def calculated(context: Context, node: Operation, left: Operand, right: Operand) -> Operand:
    """The value of an arithmetic operation.

    Raises:
        BadQuery: the operator does not know these types, or there are too many operations.
    """
    context.count_sum(node.position)
    kinds = (left.type, right.type)
    operator = node.operator
    if left.type is Type.JSON and right.type in TIMES | SPANS and operator in {"add", "sub"}:
        left = as_type(context, left, Type.TIME)
    if operator in {"add", "sub"} and left.type in TIMES and right.type in TIMES | SPANS:
        if right.type in TIMES:
            return _between(context, node, left, right)
        return _shifted(left, f"(-{right.sql})" if operator == "sub" else right.sql)
    if operator == "add" and left.type in SPANS and right.type in TIMES:
        return _shifted(right, left.sql)
    if Type.DURATION in kinds:
        return _length(node, left, right)
    for found in (left, right):
        if found.type not in NUMBERS | {Type.JSON, None}:
            raise BadQuery(found.position, f"expected a number, found {noun_of(found.type)}")
    return _number(context, node, left, right)


def _number(context: Context, node: Operation, left: Operand, right: Operand) -> Operand:
    one, other = (as_type(context, found, Type.NUMBER) for found in (left, right))
    return Operand(node.position, Type.NUMBER, _sql(node.operator, one.sql, other.sql))


def _sql(operator: str, left: str, right: str) -> str:
    divisor = f"nullif({right}::numeric, 0)" if operator in {"div", "mod"} else f"{right}::numeric"
    return f"({left}::numeric {ARITHMETIC[operator]} {divisor})"


def _shifted(found: Operand, by: str) -> Operand:
    def shift(sql: str) -> str:
        return f"sta_shift({sql}, {by})" if sql else ""

    return replace(found, sql=shift(found.sql), end=shift(found.end), is_nullable=True)


def _between(context: Context, node: Operation, left: Operand, right: Operand) -> Operand:
    if node.operator == "add":
        raise BadQuery(node.position, "two times cannot be added")
    one, other = (as_type(context, found, Type.TIME).sql for found in (left, right))
    return Operand(node.position, Type.DURATION, f"(extract(epoch FROM {one}) - extract(epoch FROM {other}))")


def _length(node: Operation, left: Operand, right: Operand) -> Operand:
    both = left.type is right.type
    multiplied = {left.type, right.type} <= {Type.DURATION, *NUMBERS} and not both
    allowed = (
        (both and node.operator in {"add", "sub"})
        or (multiplied and node.operator == "mul")
        or (multiplied and node.operator == "div" and left.type is Type.DURATION)
    )
    if not allowed:
        raise BadQuery(
            node.position, f"'{node.operator}' does not join {noun_of(left.type)} and {noun_of(right.type)}"
        )
    return Operand(node.position, Type.DURATION, _sql(node.operator, left.sql, right.sql))
