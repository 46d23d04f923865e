"""Every write to kept indicators: what they are, single figures, files of figures, and the threshold of small cells."""

from stadt.hub.indicators.kept.services.definitions import (
    change_definition,
    define_indicator,
    key_for,
    set_smallest_cell,
)
from stadt.hub.indicators.kept.services.entries import confirm_value, enter_value, refuse_value, revise_value
from stadt.hub.indicators.kept.services.files import confirm_file, map_file, refuse_file, take_file

__all__ = [
    "change_definition",
    "confirm_file",
    "confirm_value",
    "define_indicator",
    "enter_value",
    "key_for",
    "map_file",
    "refuse_file",
    "refuse_value",
    "revise_value",
    "set_smallest_cell",
    "take_file",
]
