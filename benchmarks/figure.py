"""A measured figure beside its budget and the physical limit measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report.

    Attributes:
        value, budget: in `unit`; rates and shares (`…/s`, `%`) have to reach the budget, durations (`ms`, `s`) must not exceed it.
        limit: what the machine can do at most, measured in the same run by `limit_name`; None where there is none.
        note: what one should know about how it was measured.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    limit: float | None = None
    limit_name: str = ""
    note: str = ""

    @property
    def is_rate(self) -> bool:
        return self.unit.endswith(("/s", "%"))

    @property
    def is_met(self) -> bool:
        """Whether the budget is kept; a figure without budget always is."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.is_rate else self.value <= self.budget

    def line(self) -> str:
        """The figure as text: name, value, budget, verdict, limit and ratio."""
        parts = [f"{self.name:<52}{_text(self.value):>12} {self.unit:<6}"]
        if self.budget is not None:
            sign, verdict = ("≥" if self.is_rate else "≤"), ("ok" if self.is_met else "MISSED")
            parts.append(f"budget {sign} {_text(self.budget)} {verdict}")
        if self.limit is not None:
            share = self.value / self.limit if self.is_rate else self.limit / self.value
            parts.append(f"limit {_text(self.limit)} {self.unit} ({self.limit_name}), ratio {share:.0%}")
        if self.note:
            parts.append(self.note)
        return " · ".join(parts)


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
