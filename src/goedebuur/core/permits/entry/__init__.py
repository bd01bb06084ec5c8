"""Entering a decision by hand: the fields, what is typed in them, and what is wrong with it."""
