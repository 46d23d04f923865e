"""CKAN's Action API over the records: what its clients read."""
