"""What the rules say of what was measured: rows of rules, figures, verdicts and their explanation.

`rows` says what a rule is, `figures` writes what must be computed as Ibis expressions for all stations at once,
`judge` turns figures into verdicts, `explanation` takes one verdict apart. Which rules there are is in `rules/tables`.
"""
