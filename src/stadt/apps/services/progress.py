"""How far a draft is: the steps that are asked with its answers, which are filled in, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadt.civic.forms.attachments import draft_state
from stadt.civic.forms.definition import FormDefinition, Step
from stadt.civic.forms.models import Draft
from stadt.civic.forms.queries import definition_of
from stadt.civic.forms.validation import Cleaned


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a draft; `is_open`: something that has to be answered is missing or wrong."""

    step: Step
    number: int
    is_open: bool
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """All steps that are asked now; `cleaned` holds the whole form as it stands."""

    definition: FormDefinition
    cleaned: Cleaned
    steps: Sequence[StepState]

    @property
    def is_complete(self) -> bool:
        """Whether the form can be sent."""
        return not self.cleaned.errors and not self.cleaned.stops

    @property
    def first_open(self) -> StepState:
        """The step to go on with; the first when all are filled in."""
        return next((state for state in self.steps if state.is_open), self.steps[0])

    def find(self, key: str) -> StepState | None:
        """The step with this key, if it is asked."""
        return next((state for state in self.steps if state.step.key == key), None)

    def before(self, state: StepState) -> StepState | None:
        """The step before this one."""
        return self.steps[state.number - 2] if state.number > 1 else None


def progress_of(draft: Draft) -> Progress:
    """How far the draft is. A step is reached when none before it is open."""
    definition = definition_of(draft.version)
    cleaned = draft_state(draft)
    wrong = {error.field.partition(".")[0] for error in cleaned.errors}
    states: list[StepState] = []
    is_reached = True
    for number, key in enumerate(cleaned.steps, 1):
        step = definition.step(key)
        if step is None:
            continue
        is_open = any(field.key in wrong for field in step.fields)
        states.append(StepState(step, number, is_open, is_reached))
        is_reached = is_reached and not is_open
    return Progress(definition, cleaned, states)
