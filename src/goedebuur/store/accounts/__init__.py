"""People who sign in. Personal data lives in the SQL database alone, never in the record."""
