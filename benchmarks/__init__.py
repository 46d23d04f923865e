"""Measures the budgets of docs/architecture.md §8, each beside the physical limit of the same run."""
