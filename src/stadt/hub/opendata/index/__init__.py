"""The index of the catalogue: an entry for each public dataset, so that a page costs what a page costs."""
