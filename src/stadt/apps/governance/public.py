"""What other apps may ask the bodies."""

from stadt.apps.governance.queries.bodies import holders_of, stage

__all__ = ["holders_of", "stage"]
