"""How good a dataset's description is: what data.europa.eu and GovData count, and what people need besides.

Enter by these names: `assess(record)` and `problems_of(record)`; `as_if_published` makes the record of a draft.
"""

from stadt.hub.opendata.quality.assessment import Known, assess, problems_of, rating_in_words
from stadt.hub.opendata.quality.criteria import Assessment, Criterion, Dimension, Fix, Rating, Score
from stadt.hub.opendata.quality.drafts import as_if_published

__all__ = [
    "Assessment",
    "Criterion",
    "Dimension",
    "Fix",
    "Known",
    "Rating",
    "Score",
    "as_if_published",
    "assess",
    "problems_of",
    "rating_in_words",
]
