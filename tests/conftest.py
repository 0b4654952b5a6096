"""What every test shares: property tests that find the same examples each time."""

from hypothesis import settings

# No deadline, because the gate runs on two shared cores; no saved examples, so that a green run
# is green for everyone.
settings.register_profile("gate", derandomize=True, deadline=None, database=None)
settings.load_profile("gate")
