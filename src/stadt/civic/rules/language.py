"""Rules: expressions of the Common Expression Language (CEL), compiled once and evaluated on the server."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import cel

from stadt.civic.rules.bounds import UnfitRuleError, bare_text, check_bounds, loop_names
from stadt.civic.rules.functions import FUNCTIONS
from stadt.core.errors import FieldError, Invalid

IDENTIFIER = re.compile(r"^[A-Za-z_]\w*$")  # operators are called `_&&_`, `@in`, …
LONGEST_LIST = 200
LONGEST_STRING = 20_000
DEEPEST_VALUE = 6
LARGEST_INTEGER = 2**63 - 1
# CEL's names of types and of its own functions (spec, "Standard Definitions").
TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
OWN = frozenset(
    [
        "bytes",
        "contains",
        "double",
        "duration",
        "endsWith",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
        "int",
        "matches",
        "max",
        "min",
        "optional",
        "size",
        "startsWith",
        "string",
        "timestamp",
        "type",
        "uint",
    ]
)
FAILURES = (RuntimeError, TypeError, ValueError, KeyError, IndexError, ArithmeticError)
"""What the library raises while it evaluates; a missing answer leads to these, and then the rule says nothing (null)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `text` is what was written; equal texts are equal rules."""

    text: str
    program: Any = field(repr=False, compare=False)
    used: frozenset[str] = field(repr=False, compare=False)
    functions: frozenset[str] = field(repr=False, compare=False)

    def names(self) -> frozenset[str]:
        """The names it asks for: answers, `place`, `category`, …; only the first part of `place.district`."""
        return self.used

    def evaluate(self, names: Mapping[str, Any]) -> Any:
        """What it says about these values; names not given are null.

        Never raises: what cannot be computed, such as the age of nobody, is None. Dates are given and returned as texts
        (`2026-11-29`). Lists beyond 200 entries and texts beyond 20,000 characters, also all texts of a list
        together, count as null.
        """
        context = cel.Context()
        try:
            for name in self.used:
                value = fit_value(names.get(name))
                context.add_variable(name, value if text_size(value) <= LONGEST_STRING else None)
            for name in self.functions:
                context.add_function(name, FUNCTIONS[name])
            return self.program.execute(context)
        except FAILURES:
            return None

    def holds(self, names: Mapping[str, Any]) -> bool:
        """Whether it says true; null and everything else is no."""
        return self.evaluate(names) is True


def compile_rule(text: str, names: Collection[str] | None = None) -> Rule:
    """Compile a rule.

    Args:
        names: the names it may ask for; None allows any.

    Raises:
        Invalid: naming place and reason: syntax, an unknown name or function, or a text beyond the bounds.
    """
    rule = _compile(text)
    if names is not None and (unknown := rule.used.difference(names)):
        raise _refusal(text, f"nennt „{min(unknown)}“, das es nicht gibt")
    return rule


@lru_cache(maxsize=4096)
def _compile(text: str) -> Rule:
    try:
        check_bounds(text)
        program = cel.compile(text)
    except UnfitRuleError as reason:
        raise _refusal(text, str(reason)) from None
    except FAILURES as reason:
        raise _refusal(text, _place(str(reason))) from None
    variables = frozenset(program.variables()) - loop_names(bare_text(text)) - TYPES
    functions = frozenset(name for name in program.functions() if IDENTIFIER.match(name))
    if unknown := functions - OWN - FUNCTIONS.keys():
        raise _refusal(text, f"ruft „{min(unknown)}“ auf, das es nicht gibt")
    return Rule(text, program, variables, functions & FUNCTIONS.keys())


def fit_value(value: Any, depth: int = 0) -> Any:
    """A value as rules take it: dates as texts, decimals as numbers; what is too large or unknown becomes None."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_INTEGER else None
    if isinstance(value, str):
        return value if len(value) <= LONGEST_STRING else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return _fit_many(value, depth)


def text_size(value: Any) -> int:
    """How many characters of text stand in a value that fits."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + text_size(item) for key, item in value.items())
    return sum(map(text_size, value)) if isinstance(value, list) else 0


def _fit_many(value: Any, depth: int) -> Any:
    if depth >= DEEPEST_VALUE or not isinstance(value, Mapping | list | tuple) or len(value) > LONGEST_LIST:
        return None
    if isinstance(value, Mapping):
        return {str(key): fit_value(item, depth + 1) for key, item in value.items()}
    return [fit_value(item, depth + 1) for item in value]


def _place(message: str) -> str:
    """The parser's first line without the text itself: `1:4: Syntax error: …`."""
    line = next(
        (part for part in message.splitlines() if "<input>:" in part),
        message.splitlines()[0] if message else "",
    )
    shown = line.partition("<input>:")[2] or line
    return f"ist nicht lesbar (Zeile:Stelle: {shown[:160]})"


def _refusal(text: str, reason: str) -> Invalid:
    shown = text if len(text) <= 120 else text[:119] + "…"
    return Invalid(
        f"Die Regel „{shown}“ {reason}.",
        fields=(FieldError("rule", reason),),
    )
