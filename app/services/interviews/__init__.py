"""Interviews and what follows from them: asking, seeing what is said, ruling."""
