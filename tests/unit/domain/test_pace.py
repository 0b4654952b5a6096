"""The time an interview took, read from its saves."""

from datetime import UTC, datetime, timedelta

from app.domain.pace import BREAK, time_spent

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_the_time_to_a_save_was_spent_on_what_it_answers() -> None:
    spent = time_spent(START, [("method", at(3)), ("method", at(5)), ("team", at(9))])
    assert spent == {"method": timedelta(minutes=5), "team": timedelta(minutes=4)}


def test_a_long_silence_is_a_break_and_counts_for_nothing() -> None:
    pause = int(BREAK / timedelta(minutes=1))
    spent = time_spent(
        START, [("method", at(1)), ("method", at(1 + pause)), ("team", at(3 + pause))]
    )
    assert spent == {"method": timedelta(minutes=1), "team": timedelta(minutes=2)}


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    spent = time_spent(START, [("method", at(4)), ("method", at(2)), ("team", at(6))])
    assert spent == {"method": timedelta(minutes=4), "team": timedelta(minutes=2)}


def test_what_nobody_saved_in_has_no_time() -> None:
    assert time_spent(START, []) == {}
