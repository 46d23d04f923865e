"""Every write of the app, by what it is about."""

from stadt.apps.steering.services.evaluations import (
    check_influences,
    confirm_evaluation,
    propose_evaluation,
    refuse_evaluation,
    set_evaluation_rule,
)
from stadt.apps.steering.services.targets import (
    TargetDraft,
    decide_target,
    decline_target,
    propose_target,
    withdraw_target,
)
from stadt.apps.steering.services.warnings import (
    answer_warning,
    climb_due,
    raise_revision,
    send_digests,
    sweep_warnings,
)

__all__ = [
    "TargetDraft",
    "answer_warning",
    "check_influences",
    "climb_due",
    "confirm_evaluation",
    "decide_target",
    "decline_target",
    "propose_evaluation",
    "propose_target",
    "raise_revision",
    "refuse_evaluation",
    "send_digests",
    "set_evaluation_rule",
    "sweep_warnings",
    "withdraw_target",
]
