"""The open record around heavy industry: evidence, what the rules say of it, and the proof of both."""

__version__ = "0.1.0"
