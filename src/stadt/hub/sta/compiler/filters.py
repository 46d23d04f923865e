"""Conditions of `$filter` in SQL.

OData's logic has two values (4.01, 5.1.1.1): a comparison with null is false, `ne` with null on one side is true, and
`not` turns either around. SQL has a third; `ne` becomes IS DISTINCT FROM and `not` becomes IS NOT TRUE, so that the
rows found are the same and indexes are still used.
"""

from dataclasses import replace

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.operands import Operand, as_time, of_literal, of_reference
from stadt.hub.sta.model import EntityType, Type
from stadt.hub.sta.syntax.expressions import COMPARISONS, LOGIC
from stadt.hub.sta.syntax.nodes import Call, Expression, Literal, Negation, Operation, Reference
from stadt.hub.sta.syntax.problems import BadQuery, NotSupported

SIGNS = {"eq": "=", "ne": "IS DISTINCT FROM", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}
TIMES = frozenset({Type.TIME, Type.INTERVAL})
NUMBERS = frozenset({Type.NUMBER, Type.ID})


def condition(context: Context, entity: EntityType, alias: str, node: Expression) -> str:
    """SQL that is true for the rows the expression is true for, and false or null for the others.

    Raises:
        BadQuery: unknown names, and comparisons that make no sense.
        NotSupported: functions.
    """
    if isinstance(node, Negation):
        return f"(({condition(context, entity, alias, node.operand)}) IS NOT TRUE)"
    if isinstance(node, Operation) and node.operator in LOGIC:
        left = condition(context, entity, alias, node.left)
        right = condition(context, entity, alias, node.right)
        return f"({left} {node.operator.upper()} {right})"
    if isinstance(node, Operation) and node.operator in COMPARISONS:
        left_operand = operand(context, entity, alias, node.left)
        return _comparison(context, node, left_operand, operand(context, entity, alias, node.right))
    found = operand(context, entity, alias, node)
    if found.type is Type.JSON:
        return _from_json(found, Type.BOOLEAN).sql
    if found.type is not Type.BOOLEAN:
        raise BadQuery(node.position, "expected a condition, such as a comparison")
    return found.sql


def operand(context: Context, entity: EntityType, alias: str, node: Expression) -> Operand:
    """The value of any expression."""
    match node:
        case Literal():
            return of_literal(context, node)
        case Reference():
            return of_reference(context, entity, alias, node)
        case Call():
            raise NotSupported(node.position, f"the function '{node.function[:60]}' is not supported")
        case Operation(operator=operator) if operator in ARITHMETIC:
            context.count_sum(node.position)
            left = _as_number(operand(context, entity, alias, node.left))
            right = _as_number(operand(context, entity, alias, node.right))
            divisor = (
                f"nullif({right.sql}::numeric, 0)" if operator in {"div", "mod"} else f"{right.sql}::numeric"
            )
            sql = f"({left.sql}::numeric {ARITHMETIC[operator]} {divisor})"
            return Operand(node.position, Type.NUMBER, sql)
        case _:
            return Operand(node.position, Type.BOOLEAN, f"({condition(context, entity, alias, node)})")


def _as_number(found: Operand) -> Operand:
    if found.type is Type.JSON:
        return _from_json(found, Type.NUMBER)
    if found.type not in NUMBERS:
        raise BadQuery(found.position, "expected a number")
    return found


def _comparison(context: Context, node: Operation, left: Operand, right: Operand) -> str:
    operator = node.operator
    if left.type is None:
        left, right, operator = right, left, TURNED[operator]
    if right.type is None:
        return _with_null(operator, left)
    if left.type in TIMES:
        right = as_time(context, right)
    if right.type in TIMES:
        left = as_time(context, left)
    if left.type is Type.JSON and right.type is Type.JSON:
        return _json_with_json(operator, left, right)
    if left.type is Type.JSON:
        left = _from_json(left, right.type)
    elif right.type is Type.JSON:
        right = _from_json(right, left.type)
    if Type.INTERVAL in {left.type, right.type} and {left.type, right.type} <= TIMES:
        return _with_interval(operator, left, right)
    if left.type != right.type and not {left.type, right.type} <= NUMBERS:
        raise BadQuery(node.position, f"cannot compare {_noun(left)} with {_noun(right)}")
    if left.type is Type.GEOMETRY or (left.type is Type.BOOLEAN and operator not in {"eq", "ne"}):
        raise BadQuery(node.position, f"{_noun(left)} cannot be compared by '{operator}'")
    collation = ' COLLATE "C"' if left.type is Type.TEXT else ""
    return f"({left.sql}{collation} {SIGNS[operator]} {right.sql})"


def _noun(found: Operand) -> str:
    return {Type.ID: "an id", Type.INTERVAL: "an interval", Type.JSON: "a JSON value"}.get(
        found.type or Type.JSON, f"a {found.type.value}" if found.type else "null"
    )


def _with_null(operator: str, found: Operand) -> str:
    if operator not in {"eq", "ne"}:
        return "false"
    is_json = found.type in {Type.JSON, Type.GEOMETRY}
    sql = f"({found.sql} IS NULL OR {found.sql} = 'null'::jsonb)" if is_json else f"({found.sql} IS NULL)"
    return sql if operator == "eq" else f"(NOT {sql})"


def _from_json(found: Operand, wanted: Type | None) -> Operand:
    """A JSON value as another type; null where it is none of that type."""
    value = found.sql
    if wanted in NUMBERS:
        if found.number:
            return replace(found, type=Type.NUMBER, sql=found.number, number="")
        sql = f"(CASE WHEN jsonb_typeof({value}) = 'number' THEN ({value})::numeric END)"
        return replace(found, type=Type.NUMBER, sql=sql)
    text = f"(CASE WHEN jsonb_typeof({value}) = 'string' THEN {value} #>> '{{}}' END)"
    if wanted is Type.TEXT:
        return replace(found, type=Type.TEXT, sql=text, number="")
    if wanted in TIMES:
        sql = f"(CASE WHEN pg_input_is_valid({text}, 'timestamptz') THEN {text}::timestamptz END)"
        return replace(found, type=Type.TIME, sql=sql, number="")
    if wanted is Type.BOOLEAN:
        sql = f"(CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END)"
        return replace(found, type=Type.BOOLEAN, sql=sql, number="")
    return replace(found, type=wanted)


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
        return same if operator == "eq" else f"({same} IS NOT TRUE)"
    sign = SIGNS[operator]
    if operator in {"gt", "ge"}:
        implied = f" AND {right.sql} {SIGNS[TURNED[operator]]} {left.sql}" if right.end else ""
        return f"({left.sql} {sign} {right_end}{implied})"
    implied = f" AND {left.sql} {sign} {right.sql}" if left.end else ""
    return f"({left_end} {sign} {right.sql}{implied})"
