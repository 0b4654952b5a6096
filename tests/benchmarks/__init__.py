"""Measurements reported as ratios of what ran in turn in one process; never part of the gate."""
