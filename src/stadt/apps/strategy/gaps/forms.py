"""What the lists of readiness, coverage and frames can be narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.strategy.gaps.carriage import WORDS
from stadt.apps.strategy.gaps.frames import FRAME_WORDS
from stadt.apps.strategy.gaps.readiness import CRITERIA
from stadt.apps.strategy.gaps.state import State

DUPLICATE = "doppelt"


class _ByTheme(forms.Form):
    leitthema = forms.ChoiceField(label=_("Leitthema"), required=False)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = [(theme.slug, theme.title) for theme in state.content.themes.values()]
        self.choose("leitthema", [("", gettext("Alle Leitthemen")), *themes])

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class ReadinessFilter(_ByTheme):
    """Guiding theme, and what is missing."""

    fehlt = forms.ChoiceField(label=_("Es fehlt"), required=False)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, state=state, **kwargs)
        missing = [(item.key, gettext(item.title)) for item in CRITERIA]
        choices = [("", gettext("Alles zeigen")), *missing, (DUPLICATE, gettext("doppelt gedruckte Zeilen"))]
        self.choose("fehlt", choices)


class CarriageFilter(_ByTheme):
    """Guiding theme, and how a measure stands to the platform."""

    stand = forms.ChoiceField(label=_("Wie die Maßnahme getragen wird"), required=False)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, state=state, **kwargs)
        ways = [(way.value, gettext(word)) for way, word in WORDS.items()]
        self.choose("stand", [("", gettext("Alle Maßnahmen")), *ways])


class FrameFilter(_ByTheme):
    """Guiding theme, and the frame that an indicator's definition follows."""

    rahmen = forms.ChoiceField(label=_("Rahmen"), required=False)

    def __init__(self, *args: Any, state: State, **kwargs: Any) -> None:
        super().__init__(*args, state=state, **kwargs)
        frames = [(frame.value, gettext(word)) for frame, word in FRAME_WORDS.items()]
        self.choose("rahmen", [("", gettext("Alle Rahmen")), *frames])
