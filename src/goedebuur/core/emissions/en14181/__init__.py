"""Quality assurance of automated measuring systems: calibration, yearly test, control charts, range surveillance.

All in exact fractions; what is a root is compared by its square and shown with nine decimals. Every criterion is a row
of `rules/tables/en14181_criteria.csv`: one that is not confirmed decides nothing and asks its question.
"""
