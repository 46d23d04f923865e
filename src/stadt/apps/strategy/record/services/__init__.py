"""Every write of the strategy's record."""

from stadt.apps.strategy.record.changes import ChangeDraft
from stadt.apps.strategy.record.services.decisions import approve, cosign, needs_cosign, reject
from stadt.apps.strategy.record.services.editions import (
    CouncilReference,
    adopt_edition,
    complete_reference,
    draft_edition,
)
from stadt.apps.strategy.record.services.evaluations import Evidence, record_evaluation
from stadt.apps.strategy.record.services.foundation import import_printed
from stadt.apps.strategy.record.services.requests import (
    comment,
    drop_change,
    open_change_request,
    put_change,
    reopen,
    submit,
    withdraw,
)

__all__ = [
    "ChangeDraft",
    "CouncilReference",
    "Evidence",
    "adopt_edition",
    "approve",
    "comment",
    "complete_reference",
    "cosign",
    "draft_edition",
    "drop_change",
    "import_printed",
    "needs_cosign",
    "open_change_request",
    "put_change",
    "record_evaluation",
    "reject",
    "reopen",
    "submit",
    "withdraw",
]
