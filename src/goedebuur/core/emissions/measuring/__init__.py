"""Measurements by a bureau at an emission point: the report, how it compares, for what it stands, what is left out."""
