"""What the law says of what left a stack: averages held against the limits that bind, as each regime words it.

`regimes` says what the rows of the rule tables are, `requirements` which limit binds on which days, `slots` which short
averages count and what is left of them after the uncertainty, `judge` and `shares` turn them into verdicts, `operating`
counts the hours of abnormal states, `periodic` and `loads` judge measurements by a laboratory and loads, `explanation`
takes a verdict apart. Which rows there are is in `rules/tables`.
"""
