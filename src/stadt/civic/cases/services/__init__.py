"""Every write of cases: check, change, log in the history and the audit, tell after commit."""

from stadt.civic.cases.people import PartyData, Spot
from stadt.civic.cases.services.asking import answer, ask_citizen, write_citizen
from stadt.civic.cases.services.changing import change_category, change_place, release_text
from stadt.civic.cases.services.filters import remove_filter, save_filter
from stadt.civic.cases.services.handling import (
    assign_case,
    hand_to_contractor,
    note_case,
    set_priority,
    set_task,
)
from stadt.civic.cases.services.many import BulkResult, bulk
from stadt.civic.cases.services.merging import add_child, merge_cases, remove_child, unmerge
from stadt.civic.cases.services.moving import move_by_link, move_case
from stadt.civic.cases.services.opening import Opened, open_case
from stadt.civic.cases.services.retention import anonymise_case, delete_case, keep_retention
from stadt.civic.cases.services.supporting import add_party, correct_party, support_case, takes_photo_of
from stadt.civic.cases.versions import renew_cases

__all__ = [
    "BulkResult", "Opened", "PartyData", "Spot", "add_child", "add_party", "anonymise_case", "answer", "ask_citizen",
    "assign_case", "bulk", "change_category", "change_place", "correct_party", "delete_case", "hand_to_contractor", "keep_retention",
    "merge_cases", "move_by_link", "move_case", "note_case", "open_case", "release_text", "remove_child", "remove_filter",
    "renew_cases", "save_filter", "set_priority", "set_task", "support_case", "takes_photo_of", "unmerge", "write_citizen",
]  # fmt: skip
