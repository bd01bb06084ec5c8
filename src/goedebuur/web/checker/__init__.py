"""The page that checks a proof file in a reader's own browser: one file, no server, works from a USB stick."""
