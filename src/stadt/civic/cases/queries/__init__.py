"""Every read of cases that is not trivial."""

from stadt.civic.cases.queries.duplicates import Candidate, duplicate_candidates
from stadt.civic.cases.queries.exporting import COLUMNS, export_rows
from stadt.civic.cases.queries.figures import (
    Counts,
    Load,
    Promise,
    Quality,
    counts,
    has_examples,
    promise,
    quality,
    workload,
)
from stadt.civic.cases.queries.filters import list_filters, query_of
from stadt.civic.cases.queries.finding import case_of_link, find_case, get_case, list_own_cases
from stadt.civic.cases.queries.history import (
    PublicStep,
    count_told,
    files_for_reporter,
    history,
    moves_by_link,
    moves_for,
    notes_of,
    parties_of,
    public_history,
    tasks_of,
)
from stadt.civic.cases.queries.searching import ORDERS, CasePage, CaseQuery, search_cases

__all__ = [
    "COLUMNS", "ORDERS", "Candidate", "CasePage", "CaseQuery", "Counts", "Load", "Promise", "PublicStep", "Quality",
    "case_of_link", "count_told", "counts", "duplicate_candidates", "export_rows", "files_for_reporter", "has_examples", "find_case", "get_case", "history", "list_filters",
    "list_own_cases",
    "moves_by_link", "moves_for", "notes_of", "parties_of", "promise", "public_history", "quality", "query_of", "search_cases",
    "tasks_of", "workload",
]  # fmt: skip
