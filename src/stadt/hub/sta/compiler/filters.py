"""Conditions of `$filter` in SQL.

OData's logic has two values (4.01, 5.1.1.1): a comparison with null is false, `ne` with null on one side is true, and
`not` turns either around. SQL has a third; `ne` becomes IS DISTINCT FROM and `not` becomes IS NOT TRUE, so that the
rows found are the same and indexes are still used.

Two things differ, as the OGC's test suite and the reference implementation have them: a time that is not there is not
different from any other time, and a result that is compared with a text is compared as text, numbers too.
"""

from dataclasses import replace

from stadt.hub.sta.compiler.arithmetic import ARITHMETIC, calculated
from stadt.hub.sta.compiler.functions import call
from stadt.hub.sta.compiler.operands import (
    NUMBERS,
    TIMES,
    Operand,
    as_time,
    from_json,
    noun_of,
    of_literal,
    of_reference,
)
from stadt.hub.sta.compiler.scopes import Scope, collections, exists, joined_to
from stadt.hub.sta.model import Type
from stadt.hub.sta.syntax.expressions import COMPARISONS, LOGIC
from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Literal,
    LiteralKind,
    Membership,
    Negation,
    Operation,
    Quantified,
    Reference,
)
from stadt.hub.sta.syntax.problems import BadQuery

SIGNS = {"eq": "=", "ne": "IS DISTINCT FROM", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


def condition(scope: Scope, node: Expression) -> str:
    """SQL that is true for the rows the expression is true for, and false or null for the others.

    Raises:
        BadQuery: unknown names, and comparisons that make no sense.
    """
    if isinstance(node, Negation):
        return f"(({condition(scope, node.operand)}) IS NOT TRUE)"
    wanted = collections(scope, node)
    if isinstance(node, Operation) and node.operator in LOGIC:
        right = collections(scope, node.right)
        wanted = {prefix: path for prefix, path in collections(scope, node.left).items() if prefix in right}
    sources: list[str] = []
    conditions: list[str] = []
    for prefix, path in wanted.items():
        member, joined, on = joined_to(scope, path)
        scope = scope.choosing(prefix, member)
        sources += joined
        conditions += on
    found = _plain(scope, node)
    return exists(sources, [*conditions, found]) if sources else found


def _plain(scope: Scope, node: Expression) -> str:
    """A condition whose collections are chosen, apart from those that only one side of `and` or `or` leads through."""
    match node:
        case Operation() if node.operator in LOGIC:
            left, right = condition(scope, node.left), condition(scope, node.right)
            return f"({left} {node.operator.upper()} {right})"
        case Operation() if node.operator in COMPARISONS:
            left_operand = operand(scope, node.left)
            return _comparison(scope, node.position, node.operator, left_operand, operand(scope, node.right))
        case Membership():
            return _membership(scope, node)
        case Quantified():
            return _quantified(scope, node)
    found = operand(scope, node)
    if found.type is Type.JSON:
        return from_json(found, Type.BOOLEAN).sql
    if found.type is not Type.BOOLEAN:
        raise BadQuery(node.position, "expected a condition, such as a comparison")
    return found.sql


def operand(scope: Scope, node: Expression) -> Operand:
    """The value of any expression."""
    match node:
        case Literal():
            return of_literal(scope.context, node)
        case Reference():
            return of_reference(scope, node)
        case Call():
            return call(scope, node, [operand(scope, part) for part in node.arguments])
        case Operation(operator=operator) if operator in ARITHMETIC:
            left, right = operand(scope, node.left), operand(scope, node.right)
            return calculated(scope.context, node, left, right)
        case _:
            # As a value a condition is true or false, never null.
            found = f"(({condition(scope, node)}) IS TRUE)"
            return Operand(node.position, Type.BOOLEAN, found, is_nullable=False)


def _membership(scope: Scope, node: Membership) -> str:
    """`in` is `eq` with one of several; ids of literals are looked up at once."""
    found = operand(scope, node.operand)
    numbers = [
        item.value
        for item in node.items
        if isinstance(item, Literal) and item.kind is LiteralKind.NUMBER and isinstance(item.value, int)
    ]
    if found.type is Type.ID and len(numbers) == len(node.items):
        known = [number for number in numbers if 0 < number <= 2**53] or [-1]
        return _same(found, f"ANY({scope.context.values.bind(known, 'bigint[]')})")
    parts = [_comparison(scope, node.position, "eq", found, operand(scope, item)) for item in node.items]
    return f"({' OR '.join(parts)})"


def _quantified(scope: Scope, node: Quantified) -> str:
    """`any`: there is a member for which it holds; `all`: there is none for which it does not."""
    member, sources, conditions = joined_to(scope, node.collection)
    inner = condition(scope.choosing((node.variable.text,), member), node.condition)
    if node.quantifier == "any":
        return exists(sources, [*conditions, inner])
    return f"(NOT {exists(sources, [*conditions, f'({inner}) IS NOT TRUE'])})"


def _comparison(scope: Scope, position: int, operator: str, left: Operand, right: Operand) -> str:
    """A comparison; null is equal to null and to nothing else, and has no order (OData 4.01, 5.1.1.1)."""
    if left.type is None:
        left, right, operator = right, left, TURNED[operator]
    if right.type is None:
        return _with_null(operator, left)
    is_unknown = operator == "ne" and bool({left.type, right.type} & TIMES)
    if operator in {"eq", "ne"} and not is_unknown and _may_be_null(left) and _may_be_null(right):
        same = _compared(scope, position, "eq", left, right)
        nothing = f"{_with_null('eq', left)} AND {_with_null('eq', right)}"
        return f"({same} OR ({nothing}))" if operator == "eq" else f"(({same} OR ({nothing})) IS NOT TRUE)"
    return _compared(scope, position, operator, left, right)


def _may_be_null(found: Operand) -> bool:
    """Also a JSON value that is never null is null as a number or a text."""
    return found.is_nullable or found.type is Type.JSON


def _compared(scope: Scope, position: int, operator: str, left: Operand, right: Operand) -> str:
    context = scope.context
    if left.type in TIMES:
        right = as_time(context, right)
    if right.type in TIMES:
        left = as_time(context, left)
    if left.type is Type.JSON and right.type is Type.JSON:
        return _json_with_json(operator, left, right)
    if left.type is Type.JSON:
        left = _result_text(left) if right.type is Type.TEXT and left.number else from_json(left, right.type)
    elif right.type is Type.JSON:
        right = (
            _result_text(right) if left.type is Type.TEXT and right.number else from_json(right, left.type)
        )
    if Type.INTERVAL in {left.type, right.type} and {left.type, right.type} <= TIMES:
        return _with_interval(operator, left, right)
    if left.type != right.type and not {left.type, right.type} <= NUMBERS:
        raise BadQuery(position, f"cannot compare {noun_of(left.type)} with {noun_of(right.type)}")
    if left.type is Type.GEOMETRY or (left.type is Type.BOOLEAN and operator not in {"eq", "ne"}):
        raise BadQuery(position, f"{noun_of(left.type)} cannot be compared by '{operator}'")
    if operator == "eq" and (left.column or right.column):
        return _same(left, right.sql) if left.column else _same(right, left.sql)
    collation = ' COLLATE "C"' if left.type is Type.TEXT else ""
    sign = "<>" if operator == "ne" and left.type is Type.TIME else SIGNS[operator]
    return f"({left.sql}{collation} {sign} {right.sql}{collation})"


def _result_text(found: Operand) -> Operand:
    """A result as text; null where it is an object or a list."""
    is_plain = f"jsonb_typeof({found.sql}) IN ('string', 'number', 'boolean')"
    sql = f"(CASE WHEN {is_plain} THEN {found.sql} #>> '{{}}' END)"
    return replace(found, type=Type.TEXT, sql=sql, number="")


def _same(found: Operand, value: str) -> str:
    """Equality in a form that an index can answer."""
    if not found.column:
        return f"({found.sql} = {value})"
    return f"({found.column} = {value} AND {found.sql} IS NOT NULL)"


def _with_null(operator: str, found: Operand) -> str:
    if operator not in {"eq", "ne"}:
        return "false"
    if not found.sql:
        raise BadQuery(found.position, "a geometry cannot be compared")
    is_json = found.type in {Type.JSON, Type.GEOMETRY}
    sql = f"({found.sql} IS NULL OR {found.sql} = 'null'::jsonb)" if is_json else f"({found.sql} IS NULL)"
    return sql if operator == "eq" else f"(NOT {sql})"


def _json_with_json(operator: str, left: Operand, right: Operand) -> str:
    """Equality of any two values; order only among values of the same kind."""
    compared = f"({left.sql} {SIGNS[operator]} {right.sql})"
    if operator in {"eq", "ne"}:
        return compared
    return f"(jsonb_typeof({left.sql}) = jsonb_typeof({right.sql}) AND {compared})"


def _with_interval(operator: str, left: Operand, right: Operand) -> str:
    """18-088 leaves open what order means for intervals. Here: before when it ends before the other begins.

    An instant is an interval that ends where it begins. The second half of `lt` and `le` follows from the first; it
    bounds the column that observations are partitioned by.
    """
    left_end = f"coalesce({left.end}, {left.sql})" if left.end else left.sql
    right_end = f"coalesce({right.end}, {right.sql})" if right.end else right.sql
    if operator in {"eq", "ne"}:
        same = f"({left.sql} = {right.sql} AND {left_end} = {right_end})"
        return same if operator == "eq" else f"(NOT {same})"
    sign = SIGNS[operator]
    if operator in {"gt", "ge"}:
        implied = f" AND {right.sql} {SIGNS[TURNED[operator]]} {left.sql}" if right.end else ""
        return f"({left.sql} {sign} {right_end}{implied})"
    implied = f" AND {left.sql} {sign} {right.sql}" if left.end else ""
    return f"({left_end} {sign} {right.sql}{implied})"
