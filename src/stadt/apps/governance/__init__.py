"""Who steers the strategy: bodies, roles, decisions, checks against the principles, survey rounds, meetings and ideas."""
