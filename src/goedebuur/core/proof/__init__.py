"""A figure with all that is needed to check it: read and recomputed with Python's standard library alone."""
