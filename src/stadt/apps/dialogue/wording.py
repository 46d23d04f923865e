"""News and topics in words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from stadt.apps.dialogue.models import News
from stadt.apps.dialogue.topics import find_topic
from stadt.apps.dialogue.workflow import NewsKind
from stadt.hub.indicators.units import on_screen
from stadt.web.formats import day, number
from stadt.web.maps import State

COLOURS = {
    NewsKind.CHANGE: State.INFO,
    NewsKind.STRUCK: State.WARNING,
    NewsKind.RESCHEDULED: State.WARNING,
    NewsKind.EDITION: State.SUCCESS,
    NewsKind.VALUE: State.NEUTRAL,
    NewsKind.REVISION: State.WARNING,
    NewsKind.DECISION: State.INFO,
    NewsKind.REPORT: State.INFO,
    NewsKind.ANSWER: State.SUCCESS,
}
MOST_NAMED = 3


def kind_word(news: News) -> str:
    """`Beschluss` in the reader's language."""
    return str(NewsKind(news.kind).label)


def colour(news: News) -> str:
    """The state whose colour its badge has."""
    return str(COLOURS[NewsKind(news.kind)])


def heading(news: News) -> str:
    """What it is about: the names of its items; of many the first and how many more."""
    names = [topic.heading for topic in map(find_topic, news.codes[:MOST_NAMED]) if topic]
    more = len(news.codes) - len(names)
    if not names:
        return gettext("Strategie")
    shown = ", ".join(names)
    return gettext("%(names)s und %(more)s weitere") % {"names": shown, "more": more} if more > 0 else shown


def sentence(news: News) -> str:
    """What happened, as one sentence in the reader's language."""
    return _SENTENCES[NewsKind(news.kind)](news.facts)


def line(news: News) -> str:
    """Heading and sentence in one line."""
    return f"{heading(news)}: {sentence(news)}"


def topic_heading(code: str) -> str:
    """The name of a topic, or its code when it is gone."""
    topic = find_topic(code)
    return topic.heading if topic else code


def _said(facts: Mapping[str, Any]) -> str:
    """What was kept in the reader's language; empty for news from before details were kept."""
    said = facts.get("said") or {}
    return " ".join(said.get(get_language() or "", said.get("de", ())))


def _change(facts: Mapping[str, Any]) -> str:
    return _said(facts) or gettext("Die Angaben der Strategie wurden geändert.")


def _struck(facts: Mapping[str, Any]) -> str:
    return gettext("Die Maßnahme wurde gestrichen.")


def _rescheduled(facts: Mapping[str, Any]) -> str:
    return _said(facts) or gettext("Die Maßnahme wurde zeitlich verschoben.")


def _edition(facts: Mapping[str, Any]) -> str:
    words = gettext("Die Fassung „%(name)s“ ist beschlossen.") % {"name": facts.get("name", "")}
    return f"{words} {_said(facts)}".strip()


def _amount(facts: Mapping[str, Any], name: str) -> str:
    return f"{number(facts[name], facts.get('digits'))} {on_screen(facts.get('ucum', ''))}".strip()


def _value(facts: Mapping[str, Any]) -> str:
    shown = {"value": _amount(facts, "value")}
    if facts.get("until"):
        shown["until"] = day(date.fromisoformat(facts["until"]))
        return gettext("Neuer Wert: %(value)s (Zeitraum bis %(until)s).") % shown
    return gettext("Neuer Wert: %(value)s.") % shown


def _revision(facts: Mapping[str, Any]) -> str:
    if facts.get("old") is None or facts.get("value") is None:
        return gettext("Ein veröffentlichter Wert wurde berichtigt.")
    words = gettext("Der Wert des Zeitraums bis %(until)s wurde von %(old)s auf %(value)s berichtigt.") % {
        "until": day(date.fromisoformat(facts["until"])),
        "old": _amount(facts, "old"),
        "value": _amount(facts, "value"),
    }
    why = facts.get("reason")
    return f"{words} {gettext('Grund: %(reason)s') % {'reason': why}}" if why else words


def _decision(facts: Mapping[str, Any]) -> str:
    if facts.get("title"):
        return gettext("Beschlossen ist: %(title)s") % {"title": facts["title"]}
    return gettext("Es gibt einen neuen Beschluss.")


def _report(facts: Mapping[str, Any]) -> str:
    return gettext("Es gibt einen neuen Bericht.")


def _answer(facts: Mapping[str, Any]) -> str:
    return gettext("Eine Frage wurde öffentlich beantwortet.")


_SENTENCES: Mapping[NewsKind, Callable[[Mapping[str, Any]], str]] = {
    NewsKind.CHANGE: _change,
    NewsKind.STRUCK: _struck,
    NewsKind.RESCHEDULED: _rescheduled,
    NewsKind.EDITION: _edition,
    NewsKind.VALUE: _value,
    NewsKind.REVISION: _revision,
    NewsKind.DECISION: _decision,
    NewsKind.REPORT: _report,
    NewsKind.ANSWER: _answer,
}
