"""kill -9 in the middle of saves: nothing acknowledged is lost, a retry doubles nothing."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.services.answers.answering import StaleAnswerError, save_answer
from app.services.releases import keep_model
from app.store.answers import current_answers, history_of, rebuild_current
from app.store.rows import Client, CurrentAnswer, Engagement, Response
from tests.installations import NOW
from tests.people import Installed
from tests.saving import given_of, save

ROOT = Path(__file__).resolve().parents[2]
KILLS = 3
"""Per engine; each child takes its time to start."""


@pytest.fixture
def response(installed: Installed) -> str:
    acting = installed.acting()
    digest = keep_model(installed.database, installed.settings, "private-domain", NOW)
    with acting.writing() as session:
        session.add(Client(id="c" * 16, name="客户", created_at=NOW, created_by=acting.person))
        session.flush()
        session.add(
            Engagement(
                id="e" * 16,
                client_id="c" * 16,
                title="t",
                release_digest=digest,
                form="full",
                locale="zh-Hans",
                created_at=NOW,
                created_by=acting.person,
            )
        )
        session.flush()
        session.add(
            Response(
                id="r" * 16,
                engagement_id="e" * 16,
                kind="interview",
                role="ceo",
                release_digest=digest,
                created_at=NOW,
            )
        )
    return "r" * 16


def test_nothing_acknowledged_is_lost_and_nothing_doubled(
    installed: Installed, response: str
) -> None:
    acting = installed.acting()
    url = installed.database.engine.url.render_as_string(hide_password=False)
    next_one, acknowledged = 0, []
    for kill in range(KILLS):
        command = [sys.executable, "-m", "tests.saving", url, str(installed.settings.data)]
        command += [acting.tenant, acting.person, response, str(next_one)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as child:
            assert child.stdout is not None
            acknowledged += [int(child.stdout.readline()) for _ in range(3 + kill)]
            child.kill()
            acknowledged += [int(line) for line in child.stdout.read().split()]
        # What a client does after a lost connection: it sends what was not acknowledged again.
        next_one = acknowledged[-1] + 1
        save(acting, response, next_one)
        next_one += 1
        acknowledged.append(next_one - 1)

    with acting.reading() as session:
        log = history_of(session, response)
        current = {
            row.item: (row.revision, row.value) for row in current_answers(session, [response])
        }
        rebuilt = {
            row.item: (row.revision, row.value) for row in rebuild_current(session, response)
        }
    keys = [row.key for row in log]
    assert len(keys) == len(set(keys))
    assert set(keys) == {given_of(number)[0] for number in acknowledged}
    assert current == rebuilt
    for row in log:
        assert row.value == str(int(row.key.removeprefix("save-")))


def _said(answers: Sequence[CurrentAnswer]) -> dict[str, tuple[int, object]]:
    return {row.item: (row.revision, row.value) for row in answers}


def test_the_same_save_ten_times_is_one_revision_and_the_same_reply(
    installed: Installed, response: str
) -> None:
    acting = installed.acting()
    replies = {save(acting, response, 0) for _ in range(10)}
    assert len(replies) == 1
    with acting.reading() as session:
        assert len(history_of(session, response)) == 1


def test_a_stale_save_overwrites_nothing_and_stays_on_record(
    installed: Installed, response: str
) -> None:
    first, second = installed.acting(), installed.acting("owner")
    save(first, response, 0)
    key, given, _base = given_of(3)
    with pytest.raises(StaleAnswerError) as told:
        save_answer(second, response, given, 0, key)
    assert told.value.standing.value == "0"
    with first.reading() as session:
        log = history_of(session, response)
        assert [(row.value, row.standing) for row in log] == [("0", True), ("3", False)]
        (current,) = current_answers(session, [response])
    assert current.value == "0"
