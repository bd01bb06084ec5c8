"""Cases, drafts and the roles of people: what is not public, or not yet. It lives in the SQL database alone."""
