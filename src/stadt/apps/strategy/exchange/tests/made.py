"""Strategies that Hypothesis makes: odd texts, nothing and next to nothing, and everything a field may hold."""

from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal

from hypothesis import strategies as st

from stadt.apps.strategy.exchange import words
from stadt.apps.strategy.exchange.document import City, Document, EditionRecord, VersionRecord
from stadt.apps.strategy.record.content import (
    ActionField,
    Annotation,
    Challenge,
    Content,
    Dependency,
    Funding,
    FundingItem,
    Goal,
    Head,
    IndicatorLink,
    Item,
    Measure,
    Partner,
    Period,
    Phase,
    Principle,
    PrintedIndicator,
    Spatial,
    Theme,
    Vision,
)

ODD = (
    "", " ", "=1+1", "'=1+1", "''@x", "@x", "+49 209", "-5", "\tx", "\rx", "a\r\nb\nc", 'sagt "ja"', "a;b\\;c\\0",
    "Ä ö ü ß – „…“", "_x0041_", "2020", "1e5", "TRUE", "#N/A", "<b>&amp;", "x" * 300, "\ufeffa", "https://a.example", "😀",
)  # fmt: skip
TEXTS = st.sampled_from(ODD) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    max_size=30,
)  # fmt: skip
DAYS = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
AMOUNTS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.sampled_from(
    [Decimal(0), Decimal("1E+3"), Decimal("1.000"), Decimal("12345678901234567890.12"), Decimal("4503599627370497.5")]
)  # fmt: skip
MOMENTS = st.datetimes(timezones=st.just(UTC))


def one_of(known: Mapping[str, str]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(known))


def some(strategy: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


PHASES = st.builds(Phase, TEXTS, DAYS, DAYS, one_of(words.PRECISIONS), TEXTS)
PERIODS = st.builds(
    Period, TEXTS, st.just(None) | st.dates(max_value=date(2000, 1, 1)), st.just(None) | st.dates(min_value=date(2000, 1, 1)),
    one_of(words.PRECISIONS), st.booleans(), st.booleans(), st.booleans(), st.booleans(), some(PHASES), TEXTS, TEXTS, st.booleans(),
)  # fmt: skip
MONEY = st.builds(FundingItem, TEXTS, one_of(words.CLASSES), TEXTS, TEXTS, one_of(words.MONEY), AMOUNTS)
FUNDING = st.builds(Funding, TEXTS, some(MONEY), st.booleans())
SPACES = st.builds(Spatial, TEXTS, some(one_of(words.SPACES)), one_of(words.LEVELS), some(TEXTS), TEXTS)
LINKS = st.builds(IndicatorLink, st.just("K1.1-01"), one_of(words.ROLES), one_of(words.EFFECTS))
DEPENDENCIES = st.builds(Dependency, st.just("M-1.1.1"), one_of(words.DEPENDENCIES), st.booleans(), TEXTS)
MEASURES = st.builds(
    Measure, st.sampled_from(["M-1.1.2", "M-1.1.10", "M-1.1.2a"]), TEXTS, st.sampled_from(["", "HF-1.1"]), TEXTS, PERIODS, FUNDING,
    some(st.integers(1, 17)), st.none() | st.integers(1, 17), some(DEPENDENCIES), SPACES, st.sampled_from([(), ("C-1",)]), some(LINKS),
    TEXTS, some(st.builds(Partner, TEXTS, TEXTS)), some(one_of(words.TAGS)), one_of(words.STATES), TEXTS, TEXTS, DAYS,
)  # fmt: skip
INDICATORS = st.builds(
    PrintedIndicator, st.just("K1.1-02"), TEXTS, st.just("HF-1.1"), TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.booleans(),
    st.sampled_from(["", "K1.1-01"]), st.booleans(), st.booleans(), TEXTS, st.none() | st.integers(-5, 10**9), TEXTS,
    one_of(words.CHAIN),
)  # fmt: skip


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A strategy in which every kind of item occurs."""
    items: list[Item] = [
        draw(st.builds(Head, st.just("S"), TEXTS, TEXTS, TEXTS)),
        draw(st.builds(Vision, st.just("V-1"), TEXTS, TEXTS, TEXTS, st.booleans())),
        draw(st.builds(Goal, st.just("Z-1"), TEXTS, TEXTS, TEXTS, st.booleans())),
        draw(st.builds(Principle, st.just("P-1"), TEXTS, TEXTS, some(TEXTS), TEXTS, st.booleans())),
        draw(st.builds(Challenge, st.just("C-1"), TEXTS, TEXTS, TEXTS, st.booleans())),
        draw(st.builds(Theme, st.just("LT-1"), TEXTS, TEXTS, TEXTS, TEXTS, st.booleans())),
        draw(
            st.builds(
                ActionField, st.just("HF-1.1"), TEXTS, st.just("LT-1"), TEXTS, TEXTS, TEXTS, st.booleans()
            )
        ),
        Measure("M-1.1.1", "Erste", field="HF-1.1"),
        PrintedIndicator("K1.1-01", "Erste", "HF-1.1"),
        draw(st.builds(Annotation, st.just("A-1"), st.sampled_from(["S", "M-1.1.1"]), TEXTS, TEXTS)),
        *draw(st.lists(MEASURES, max_size=2, unique_by=lambda item: item.code)),
        *draw(st.lists(INDICATORS, max_size=1)),
    ]
    return Content(items)


@st.composite
def documents(draw: st.DrawFn, *, with_history: bool = False) -> Document:
    """A whole file; with editions and versions on two time axes where asked."""
    content = draw(contents())
    city = draw(st.builds(City, st.just("probstadt"), st.just("Probstadt")))
    if not with_history:
        return Document(city=city, items=tuple(content))
    edition = st.builds(
        EditionRecord, TEXTS, st.sampled_from(["adopted", "superseded"]), st.dates(), MOMENTS, TEXTS, TEXTS, DAYS, TEXTS,
        st.none() | MOMENTS, st.none() | MOMENTS,
    )  # fmt: skip
    version = st.builds(
        VersionRecord, st.sampled_from(list(content)), st.dates(), MOMENTS, DAYS, st.none() | MOMENTS, TEXTS
    )
    return Document(
        city=city,
        edition=draw(TEXTS),
        items=tuple(content),
        editions=tuple(draw(st.lists(edition, max_size=2))),
        versions=tuple(draw(st.lists(version, max_size=3))),
    )
