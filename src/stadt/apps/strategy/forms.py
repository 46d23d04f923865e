"""What the lists of measures and indicators can be narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.strategy import lists
from stadt.apps.strategy.document import strategy
from stadt.apps.strategy.now import content
from stadt.apps.strategy.sdgs import TITLES, goal_title
from stadt.apps.strategy.spaces import by_area
from stadt.apps.strategy.words.measures import state_word


class _StrategyFilter(forms.Form):
    suche = forms.CharField(label=_("Suchwörter"), required=False, max_length=100)
    leitthema = forms.ChoiceField(label=_("Leitthema"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = [(theme.slug, theme.name) for theme in strategy().themes]
        self._choices("leitthema", [("", gettext("Alle Leitthemen")), *themes])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class MeasureFilter(_StrategyFilter):
    """Words, guiding theme, state, year, money, area and Sustainable Development Goal."""

    stand = forms.ChoiceField(label=_("Stand der Umsetzung"), required=False)
    jahr = forms.IntegerField(label=_("läuft im Jahr"), required=False, min_value=1990, max_value=2100)
    geld = forms.ChoiceField(label=_("Finanzierung"), required=False)
    gebiet = forms.ChoiceField(label=_("Gebiet"), required=False)
    sdg = forms.ChoiceField(label=_("Nachhaltigkeitsziel (SDG)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {goal for measure in strategy().measures.values() for goal in measure.sdgs}
        goals = [(str(number), goal_title(number)) for number in TITLES if number in named]
        self._choices("sdg", [("", gettext("Alle Ziele")), *goals])
        states = [(state, state_word(state)) for state in lists.count_by_state()]
        self._choices("stand", [("", gettext("Jeder Stand")), *states])
        money = [("open", gettext("Geld noch zu finden")), ("named", gettext("Quellen genannt"))]
        self._choices("geld", [("", gettext("Jede Finanzierung")), *money])
        areas = [(entry.area.key, entry.area.name) for entry in by_area(content().measures.values())]
        self._choices("gebiet", [("", gettext("Alle Gebiete")), *areas])


class IndicatorFilter(_StrategyFilter):
    """Words, guiding theme, and whether there is a value."""

    wert = forms.ChoiceField(label=_("Wert"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", gettext("Mit und ohne Wert")),
            ("ja", gettext("Nur mit Wert")),
            ("nein", gettext("Nur ohne Wert")),
        ]
        self._choices("wert", choices)
