"""What of the platform carries which printed code: the city's links.toml, read both ways and checked."""

from collections.abc import Iterable

from stadt.apps.strategy.document import Measure, PrintedIndicator, StrategyError, printed_strategy, strategy
from stadt.core.registry import RegisteredApp, registry
from stadt.hub.indicators.queries import kept_keys


def own_keys(code: str) -> tuple[str, ...]:
    """Keys of the indicators that measure a printed one: those of links.toml, the main figure first, then kept ones."""
    linked = tuple(registry.links.get("indicators", {}).get(code, ()))
    return (*linked, *(key for key in kept_keys().get(code, ()) if key not in linked))


def carriers(code: str) -> tuple[RegisteredApp, ...]:
    """The installed apps that carry a measure."""
    labels = registry.links.get("measures", {}).get(code, {}).get("apps", ())
    return tuple(registry.apps[label] for label in labels)


def printed_indicators_of(key: str) -> tuple[PrintedIndicator, ...]:
    """The printed indicators that one of the platform's own measures."""
    return tuple(indicator for indicator in strategy().indicators.values() if key in own_keys(indicator.code))


def measures_of(code: str) -> tuple[Measure, ...]:
    """The measures that are meant to move a printed indicator."""
    return tuple(measure for measure in strategy().measures.values() if code in measure.indicator_codes)


def measures_of_app(label: str) -> tuple[Measure, ...]:
    """The measures that an installed app carries."""
    return tuple(
        measure
        for measure in strategy().measures.values()
        if any(app.label == label for app in carriers(measure.code))
    )


def problems() -> Iterable[str]:
    """Sentences for the registry: an unreadable strategy, or links of codes that the strategy does not have."""
    try:
        document = printed_strategy()
    except StrategyError as error:
        yield error.detail
        return
    for code in registry.links.get("indicators", {}):
        indicator = document.indicators.get(code)
        if indicator is None:
            yield f"links.toml: Die Kennzahl {code} gibt es in der Strategie nicht."
        elif not indicator.is_active:
            yield f"links.toml: {code} wiederholt {indicator.repeats} und darf nicht noch einmal gemessen werden."
    for code in registry.links.get("measures", {}):
        if code not in document.measures:
            yield f"links.toml: Die Maßnahme {code} gibt es in der Strategie nicht."
