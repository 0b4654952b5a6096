"""kill -9 at every step of a sending: it is whole or it never was, and sending again is once."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from app.services.respondents.submitting import submit
from tests.people import Installed
from tests.respondents import company, consented, saved
from tests.submitting import Held, held

ROOT = Path(__file__).resolve().parents[2]
STEPS = 6
"""A sending writes at least that often: the answers' seal, a sheet, a figure, the record, …"""


def test_a_sending_killed_at_any_step_is_whole_or_absent(installed: Installed) -> None:
    kitchen = company(installed)
    who = consented(kitchen, kitchen.invite())
    saved(who, 1, "cold-chain", 2)
    saved(who, 3, "food-handlers", Fraction(12), key="b" * 24)
    url = installed.database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.submitting", url, str(installed.settings.data)]
    command += [who.tenant, who.person]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [Held(**json.loads(line)) for line in done.stdout.splitlines()]

    absent = Held(True, False, False, 0, 0, 0, 0)
    whole = Held(True, True, True, 1, 1, 1, 1)
    states = [state for state in found if state.died]
    kept = states.index(whole)
    assert kept >= STEPS
    assert states[:kept] == [absent] * kept
    assert all(state == whole for state in states[kept:])
    # Nobody told the phone: it sends again, and nothing is doubled.
    submit(who)
    assert held(who, died=True) == whole
