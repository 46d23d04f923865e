"""What `/styleguide/` shows: for every component tag an example, its snippet and the rendered result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.utils.translation import gettext, gettext_noop

from stadt.web.styleguide_data import sample_context


@dataclass(frozen=True)
class Example:
    """One use of a component: a title and a template snippet that runs with the sample context."""

    title: str
    snippet: str


@dataclass(frozen=True)
class ShownExample:
    """An example with its result."""

    title: str
    snippet: str
    result: str


EXAMPLES: dict[str, tuple[Example, ...]] = {
    gettext_noop("Seitenrahmen"): (
        Example(
            gettext_noop("Brotkrumen"),
            '{% breadcrumb "Strategie" "/strategie/" "Maßnahme 2.1.3" label="Beispiel" %}',
        ),
        Example(
            gettext_noop("Seitenkopf"),
            '{% page_header "Abfallbehälter" lead="Wie voll sie sind und wann sie geleert werden." preline="Stadt" level=4 %}',
        ),
        Example(gettext_noop("Navigation in einem Bereich"), "{% subnav sections %}"),
        Example(gettext_noop("Eingebundene Dateien"), '{% asset "src/base.ts" %}'),
    ),
    gettext_noop("Hinweise und Zustände"): (
        Example(
            gettext_noop("Hinweis"),
            '{% alert kind="info" %}<p>Die Werte kommen alle zehn Minuten.</p>{% endalert %}',
        ),
        Example(
            gettext_noop("Warnung und Fehler"),
            '{% alert kind="warning" title="Ein Sensor meldet sich nicht" %}<p>Zuletzt gestern um 14:05 Uhr.</p>{% endalert %}\n'
            '{% alert kind="danger" title="Nicht gespeichert" %}{% endalert %}\n'
            '{% alert kind="success" title="Gespeichert" %}{% endalert %}',
        ),
        Example(
            gettext_noop("Zustand als Wort mit Zeichen und Farbe"),
            '{% badge "in Betrieb" "success" %} {% badge "fast voll" "warning" %} {% badge "gestört" "danger" %} '
            '{% badge "geplant" "info" %} {% badge "unbekannt" %}',
        ),
        Example(gettext_noop("Ein simulierter Wert"), "{% simulated %}"),
        Example(gettext_noop("Band für simulierte Daten"), "{% simulated_note %}{% endsimulated_note %}"),
        Example(
            gettext_noop("Leerer Zustand"),
            '{% empty_state "Noch keine Behälter" text="Sobald ein Sensor sendet, steht er hier." url="/" label="Zur Startseite" %}',
        ),
        Example(gettext_noop("Fortschritt"), '{% progress 42 label="Maßnahmen umgesetzt" %}'),
        Example(gettext_noop("Laden"), "{% loading %}"),
        Example(gettext_noop("Zeichen"), '{% icon "search" %}'),
    ),
    gettext_noop("Karten und Schaltflächen"): (
        Example(
            gettext_noop("Karten als Türen"),
            "{% cards %}\n"
            '{% card "Strategie" url="/strategie/" icon="checklist" %}<p>Was die Stadt vorhat und wie weit sie ist.</p>{% endcard %}\n'
            '{% card "Offene Daten" url="/daten/" icon="download" preline="Für alle" %}<p>Tabellen zum Herunterladen.</p>{% endcard %}\n'
            '{% card "Ohne Link" subline="nur Inhalt" %}<p>Eine Karte kann auch nur etwas zeigen.</p>{% endcard %}\n'
            "{% endcards %}",
        ),
        Example(
            gettext_noop("Schaltflächen"),
            '<div class="toolbar">{% button "Weiter" "/" %}{% button "Herunterladen" "/" kind="secondary" icon="download" %}'
            '{% button "Abbrechen" "/" kind="tertiary" %}</div>',
        ),
    ),
    gettext_noop("Zahlen und Tabellen"): (
        Example(
            gettext_noop("Große Zahlen"),
            "{% figures %}\n"
            '{% figure "Anteil überwachter Behälter" 82.456 unit="%" digits=1 period="November 2026" source="Abfallbehälter" source_url="/daten/" %}\n'
            '{% figure "Feinstaub PM2,5" 7.4 unit="µg/m³" period="heute, 14:05 Uhr" state="success" state_label="gut" simulated=True %}\n'
            '{% figure "Wahlbeteiligung" None note="Diese Zahl liefert die Plattform noch nicht." %}\n'
            "{% endfigures %}",
        ),
        Example(gettext_noop("Tabelle"), '{% table columns rows "Messstationen" %}'),
        Example(
            gettext_noop("Leere Tabelle"),
            '{% table columns nothing "Messstationen" empty="Noch keine Messstationen." %}',
        ),
        Example(
            gettext_noop("Breites, das seitlich rollt"),
            '{% scroll "Formel der Kennzahl" %}<pre>Anteil = überwachte Behälter / alle Behälter × 100</pre>{% endscroll %}',
        ),
        Example(gettext_noop("Eigenschaften"), "{% description_list facts %}"),
        Example(gettext_noop("Blättern"), "{% pagination page %}"),
        Example(
            gettext_noop("Zahlen, Tage und Zeiten"),
            "{{ number|number }} · {{ number|number:1 }} · {{ share|percent:1 }} · {{ moment|day }} · {{ moment|clock }} · "
            '{{ moment|moment }} · {{ moment|ago }} · {{ "https://opendata.example/x"|host }}',
        ),
        Example(gettext_noop("Text in Markdown"), '<div class="prose">{{ text|markdown }}</div>'),
    ),
    gettext_noop("Formulare"): (
        Example(
            gettext_noop("Formular mit Fehlern"),
            '<form method="get" action="#formular" novalidate>\n{% form_errors form %}\n{% form_fields form %}\n'
            '{% form_actions "Speichern" cancel_url="/styleguide/" %}\n</form>',
        ),
        Example(gettext_noop("Ein einzelnes Feld"), "{% field single.words %}"),
    ),
    gettext_noop("Landkarte und Diagramme"): (
        Example(gettext_noop("Landkarte"), '{% stadt_map layers "Behälter und Bezirke" height="medium" %}'),
        Example(gettext_noop("Linien"), "{% stadt_chart line_chart %}"),
        Example(gettext_noop("Balken"), '{% stadt_chart bar_chart height="small" %}'),
        Example(gettext_noop("Gestapelte Balken"), '{% stadt_chart stacked_chart height="small" %}'),
        Example(gettext_noop("Fläche"), '{% stadt_chart area_chart height="small" %}'),
        Example(gettext_noop("Punkte"), '{% stadt_chart dot_chart height="small" %}'),
        Example(gettext_noop("Ohne Werte"), "{% stadt_chart empty_chart %}"),
    ),
}


def shown_sections(request: HttpRequest) -> Sequence[tuple[str, Sequence[ShownExample]]]:
    """Return the sections with every example rendered."""
    context = sample_context()
    return [
        (gettext(title), [_shown(example, context, request) for example in examples])
        for title, examples in EXAMPLES.items()
    ]


def _shown(example: Example, context: dict[str, Any], request: HttpRequest) -> ShownExample:
    template = engines["django"].from_string("{% load i18n stadt %}" + example.snippet)
    return ShownExample(gettext(example.title), example.snippet, template.render(context, request))
