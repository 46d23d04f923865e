"""The page on which the audit is read, filtered and exported."""
