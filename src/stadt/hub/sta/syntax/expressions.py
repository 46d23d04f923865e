"""Reads expressions: recursive descent over OData's precedence, with a bound on nesting and size."""

from collections.abc import Callable

from stadt.hub.sta.syntax.lexer import Kind, Token, tokens
from stadt.hub.sta.syntax.literals import WORDS, literal
from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Membership,
    Name,
    Negation,
    Operation,
    Quantified,
    Reference,
)
from stadt.hub.sta.syntax.problems import BadQuery

COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
SUMS = frozenset({"add", "sub"})
PRODUCTS = frozenset({"mul", "div", "mod"})
LOGIC = frozenset({"and", "or", "not"})
OPERATORS = COMPARISONS | SUMS | PRODUCTS | LOGIC | {"in", "asc", "desc"}
QUANTIFIERS = frozenset({"any", "all"})

DEEPEST = 40
MOST_TOKENS = 2000


class Reader:
    """Walks over the tokens of one option; the option readers build on it."""

    def __init__(self, text: str) -> None:
        self._tokens: list[Token] = []
        for token in tokens(text):
            if len(self._tokens) >= MOST_TOKENS:
                raise BadQuery(token.position, f"the option has more than {MOST_TOKENS} words and signs")
            self._tokens.append(token)
        self._index = 0
        self._depth = 0

    @property
    def current(self) -> Token:
        return self._tokens[self._index]

    def advance(self) -> Token:
        """The current token; moves to the next one."""
        token = self.current
        if token.kind is not Kind.END:
            self._index += 1
        return token

    def is_sign(self, text: str) -> bool:
        return self.current.kind is Kind.SIGN and self.current.text == text

    def accept(self, sign: str) -> bool:
        """Move on if the current token is this sign."""
        if self.is_sign(sign):
            self._index += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        """Move on; refuse anything but this sign."""
        if not self.accept(sign):
            raise self.surprise(f"expected '{sign}'")

    def finish(self) -> None:
        """Refuse what is left over."""
        if self.current.kind is not Kind.END:
            raise self.surprise("expected the end")

    def surprise(self, expected: str) -> BadQuery:
        """A refusal at the current token."""
        token = self.current
        found = "the text ends" if token.kind is Kind.END else f"found '{token.text[:60]}'"
        return BadQuery(token.position, f"{expected}, {found}")

    def enter(self) -> None:
        """Go one level deeper; `leave` goes back."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadQuery(self.current.position, f"nested more than {DEEPEST} levels deep")

    def leave(self) -> None:
        self._depth -= 1

    # --- names

    def reference(self) -> Reference:
        """Names joined by '/'; after the first, keys of JSON objects may be digits or operators' names too.

        `result[0]` is `result/0`: a place in a JSON list, from 0.
        """
        if self.current.kind is not Kind.WORD:
            raise self.surprise("expected a property")
        names = [self._name()]
        while self.is_sign("/") or self.is_sign("["):
            if self.advance().text == "[":
                names.append(self._index_name())
                continue
            if self.current.kind not in {Kind.WORD, Kind.NUMBER, Kind.DIGITS}:
                raise self.surprise("expected a property after '/'")
            names.append(self._name())
        return Reference(tuple(names))

    def _index_name(self) -> Name:
        if self.current.kind is not Kind.NUMBER or not self.current.text.isdecimal():
            raise self.surprise("expected a place in a list, such as [0]")
        name = self._name()
        self.expect("]")
        return name

    def _name(self) -> Name:
        token = self.advance()
        return Name(token.position, token.text)

    # --- expressions

    def expression(self) -> Expression:
        """An expression of the lowest precedence: `or`.

        Raises:
            BadQuery: at the token that does not fit.
        """
        self.enter()
        found = self._chain("or", self._conjunction)
        self.leave()
        return found

    def _conjunction(self) -> Expression:
        return self._chain("and", self._negation)

    def _chain(self, operator: str, read: Callable[[], Expression]) -> Expression:
        """Conditions joined by one operator, as a balanced tree: a list of a thousand ids is ten levels deep."""
        operands, positions = [read()], []
        while self._at_operator({operator}):
            positions.append(self.advance().position)
            operands.append(read())

        def join(first: int, last: int) -> Expression:
            if first == last:
                return operands[first]
            middle = (first + last) // 2
            return Operation(positions[middle], operator, join(first, middle), join(middle + 1, last))

        return join(0, len(operands) - 1)

    def _negation(self) -> Expression:
        if self._at_operator({"not"}):
            position = self.advance().position
            self.enter()
            operand = self._negation()
            self.leave()
            return Negation(position, operand)
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        if self._at_operator(COMPARISONS):
            return self._operation(left, self._sum)
        if self._at_operator({"in"}):
            position = self.advance().position
            self.expect("(")
            items = [self._sum()]
            while self.accept(","):
                items.append(self._sum())
            self.expect(")")
            return Membership(position, left, tuple(items))
        return left

    def _sum(self) -> Expression:
        left = self._product()
        while self._at_operator(SUMS):
            left = self._operation(left, self._product)
        return left

    def _product(self) -> Expression:
        left = self._primary()
        while self._at_operator(PRODUCTS):
            left = self._operation(left, self._primary)
        return left

    def _at_operator(self, operators: set[str] | frozenset[str]) -> bool:
        return self.current.kind is Kind.WORD and self.current.text in operators

    def _operation(self, left: Expression, read: Callable[[], Expression]) -> Operation:
        operator = self.advance()
        return Operation(operator.position, operator.text, left, read())

    def _primary(self) -> Expression:
        token = self.current
        if self.accept("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if token.kind is Kind.TIME:
            return self._time()
        if token.kind in {Kind.STRING, Kind.NUMBER, Kind.TYPED, Kind.CLOCK}:
            return literal(self.advance())
        if token.kind is Kind.WORD:
            return self._word()
        raise self.surprise("expected a value or a property")

    def _time(self) -> Literal:
        first = literal(self.advance())
        if not self.is_sign("/"):
            return first
        self.advance()
        if self.current.kind is not Kind.TIME:
            raise self.surprise("expected the end of the interval")
        last = literal(self.advance())
        start, end = first.value, last.value
        if start > end:  # type: ignore[operator]  # both are times
            raise BadQuery(last.position, "the interval ends before it begins")
        return Literal(first.position, LiteralKind.INTERVAL, Interval(start, end))  # type: ignore[arg-type]

    def _word(self) -> Expression:
        token = self.current
        following = self._tokens[self._index + 1]
        is_call = following.kind is Kind.SIGN and following.text == "("
        if token.text in WORDS and following.text != "/":
            return literal(self.advance())
        if token.text in OPERATORS:
            raise self.surprise("expected a value or a property")
        if not is_call:
            return self._path()
        self.advance()
        return Call(token.position, token.text, self._arguments())

    def _path(self) -> Expression:
        """A property, or a condition about the members of a collection."""
        found = self.reference()
        *names, last = found.names
        if not (names and last.text in QUANTIFIERS and self.is_sign("(")):
            return found
        self.advance()
        if self.current.kind is not Kind.WORD:
            raise self.surprise("expected a variable, such as d in any(d: d/name eq 'x')")
        variable = self._name()
        self.expect(":")
        condition = self.expression()
        self.expect(")")
        return Quantified(last.position, last.text, Reference(tuple(names)), variable, condition)

    def _arguments(self) -> tuple[Expression, ...]:
        self.expect("(")
        if self.accept(")"):
            return ()
        arguments = [self.expression()]
        while self.accept(","):
            arguments.append(self.expression())
        self.expect(")")
        return tuple(arguments)
