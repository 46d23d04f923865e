"""The strategy as it is today, for the public pages."""

from stadt.apps.strategy.record.queries import strategy_at

content = strategy_at
"""All items as they are valid today; shared, so they must not be changed. A short query, within a page one for all."""
