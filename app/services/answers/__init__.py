"""Answers: saved, logged, kept with their evidence, put together for the engine."""
