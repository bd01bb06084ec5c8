"""What is measured, where, by whom, and what may be computed from it."""
