"""What other apps may ask the bodies."""

from stadt.apps.governance.frozen import register_part
from stadt.apps.governance.queries.bodies import holders_of, stage
from stadt.apps.governance.queries.decisions import DecisionFact, decisions_for, find_decision, list_decisions
from stadt.apps.governance.queries.gate import GateItem, GateState, Readiness, gate_of, register_targets
from stadt.apps.governance.queries.rounds import RoundSnapshot, latest_round, round_snapshot

__all__ = [
    "DecisionFact",
    "GateItem",
    "GateState",
    "Readiness",
    "RoundSnapshot",
    "decisions_for",
    "find_decision",
    "gate_of",
    "holders_of",
    "latest_round",
    "list_decisions",
    "register_part",
    "register_targets",
    "round_snapshot",
    "stage",
]
