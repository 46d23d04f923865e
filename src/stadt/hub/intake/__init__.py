"""Reads the files of offices: `recognise` says what a file holds, `correct` takes a person's word, `prepare` writes the table.

It knows files and nothing else: no models, no people. The file itself is only ever opened in a process of its own.
"""

from stadt.hub.intake.correction import answer_of, correct, is_structural
from stadt.hub.intake.preparation import prepare
from stadt.hub.intake.reading import Melt, Position, Prepared, ReadColumn, Reading, RefusedCell, SampleRow
from stadt.hub.intake.recognition import recognise
from stadt.hub.intake.remarks import Remark

__all__ = [
    "Melt",
    "Position",
    "Prepared",
    "ReadColumn",
    "Reading",
    "RefusedCell",
    "Remark",
    "SampleRow",
    "answer_of",
    "correct",
    "is_structural",
    "prepare",
    "recognise",
]
