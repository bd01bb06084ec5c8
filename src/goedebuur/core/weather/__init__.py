"""The lowest kilometre of the air, as routine observations show it: how it mixes what is let go into it."""
