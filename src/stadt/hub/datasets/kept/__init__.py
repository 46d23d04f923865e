"""Datasets that people keep: uploaded or linked by an office, checked by a second person, published, withdrawn."""
