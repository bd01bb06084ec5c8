"""Cases: who may do and see what in which state, and which terms run. The cases are in the SQL database."""
