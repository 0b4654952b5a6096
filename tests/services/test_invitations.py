"""Links for respondents: made, counted, sent, replaced, withdrawn; never stored, never foreign."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.services.acting import Acting
from app.services.engagements.undertaking import archive_engagement
from app.services.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from app.services.invitations.board import cards, guest_board, guest_of
from app.services.invitations.inviting import (
    DAYS,
    Invited,
    LabelTakenError,
    change_invitation,
    invite,
    invite_several,
    reissue,
    revoke,
)
from app.services.invitations.reminding import Posted, write_to
from app.services.tokens import is_token, token_hash
from app.store.rows import AuditEvent, Base, Invitation, OutgoingMail, Response
from tests.accounts import Postbox
from tests.installations import NOW
from tests.interviews import at_once
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import answer, invited, row_of, states

OTHER = "f" * 16
MANAGER = Invited("manager", "", "Ann Lee", "ann@riverside.example", "+44 20 7946 0000")


@pytest.fixture
def kitchen(installed: Installed) -> Installed:
    """An engagement without answers, on whose team the consultant is, and another one."""
    add_kitchen(installed, answered=False)
    add_kitchen(installed, answered=False, engagement=OTHER, team=("colleague",))
    return installed


def later(acting: Acting, **time: int) -> Acting:
    return replace(acting, now=acting.now + timedelta(**time))


def letters(installed: Installed) -> list[OutgoingMail]:
    with installed.acting().reading() as session:
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link(installed: Installed, invitation: str) -> str:
    (card,) = cards(installed.acting("consultant"), ENGAGEMENT, [invitation])
    return card.link


def test_a_link_is_derived_and_only_its_hash_is_stored(kitchen: Installed) -> None:
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    address = link(kitchen, invitation)
    token = address.removeprefix("http://127.0.0.1:8000/i/")
    assert is_token(token)
    assert row_of(kitchen, invitation).token_hash == token_hash(token)
    write_to(kitchen.acting("consultant"), ENGAGEMENT, [invitation])
    with kitchen.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert token not in str(tuple(row)), table.name


def test_an_answer_to_the_letter_reaches_who_sent_it(kitchen: Installed) -> None:
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    write_to(kitchen.acting("consultant"), ENGAGEMENT, [invitation])
    (message,) = Postbox(kitchen).collect()
    assert message.reply_to == kitchen.first.people["consultant"].email
    assert "直接回这封信" in message.text


def test_two_links_are_never_the_same(kitchen: Installed) -> None:
    people = [Invited("cook", f"Stove {number}") for number in range(20)]
    ids = invited(kitchen, ENGAGEMENT, *people)
    found = {card.link for card in cards(kitchen.acting("consultant"), ENGAGEMENT)}
    assert len(found) == len(ids) == 20


def test_people_of_one_role_are_told_apart(kitchen: Installed) -> None:
    invited(kitchen, ENGAGEMENT, MANAGER, Invited("cook", "Grill"))
    with pytest.raises(LabelTakenError) as taken:
        invited(kitchen, ENGAGEMENT, Invited("cook", "Fry"), Invited("cook", "Grill"))
    assert taken.value.place == 1
    with pytest.raises(LabelTakenError):
        invited(kitchen, ENGAGEMENT, Invited("manager"))
    with pytest.raises(LabelTakenError):
        invited(kitchen, ENGAGEMENT, Invited("cook", "New"), Invited("cook", "New"))
    assert len(guest_board(kitchen.acting(), ENGAGEMENT).guests) == 2


def test_the_label_of_a_withdrawn_link_is_free_again_unless_it_has_answers(
    kitchen: Installed,
) -> None:
    grill, fry = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"), Invited("cook", "Fry"))
    answer(kitchen, fry, ["cold-chain"])
    revoke(kitchen.acting("consultant"), ENGAGEMENT, [grill, fry])
    invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    with pytest.raises(LabelTakenError):
        invited(kitchen, ENGAGEMENT, Invited("cook", "Fry"))


def test_a_number_follows_a_chinese_label_without_a_gap(kitchen: Installed) -> None:
    for label in ("店", ""):
        invite_several(kitchen.acting("consultant"), ENGAGEMENT, Invited("cook", label), 2)
    guests = guest_board(kitchen.acting("consultant"), ENGAGEMENT).guests
    assert [guest.label for guest in guests] == ["1", "2", "店1", "店2"]


def test_several_links_are_numbered_on_from_those_there_are(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    invite_several(acting, ENGAGEMENT, Invited("cook", "Store"), 2)
    invited(kitchen, ENGAGEMENT, Invited("cook", "Store 4"), Invited("cook", "Store 10"))
    invite_several(acting, ENGAGEMENT, Invited("cook", "Store"), 2)
    labels = [guest.label for guest in guest_board(acting, ENGAGEMENT).guests]
    assert labels == [f"Store {number}" for number in (1, 2, 3, 4, 5, 10)]


@pytest.mark.parametrize(
    "wrong",
    [
        Invited("logger"),
        Invited("inspector"),
        Invited("no-such-role"),
        Invited("cook", "x" * 61),
        Invited("cook", days=0),
        Invited("cook", days=181),
    ],
)
def test_what_no_form_lets_through_is_refused_whole(kitchen: Installed, wrong: Invited) -> None:
    with pytest.raises(RefusedError):
        invited(kitchen, ENGAGEMENT, MANAGER, wrong)
    assert states(kitchen, ENGAGEMENT) == []


def test_the_board_tells_how_far_everybody_is(kitchen: Installed) -> None:
    people = [Invited("cook", label, email="c@x.example") for label in "abcdefg"]
    new, sent, opened, answering, submitted, expired, gone = invited(kitchen, ENGAGEMENT, *people)
    acting = kitchen.acting("consultant")
    write_to(acting, ENGAGEMENT, [sent, opened, answering])
    with acting.writing() as session:
        for name in (opened, answering):
            row = session.find(Invitation, name)
            assert row is not None
            row.opened_at = NOW
        row = session.find(Invitation, expired)
        assert row is not None
        row.expires_at = NOW - timedelta(days=1)
    answer(kitchen, answering, ["cold-chain"])
    answer(kitchen, submitted, ["cold-chain"], submitted=True)
    revoke(acting, ENGAGEMENT, [gone, submitted])
    assert states(kitchen, ENGAGEMENT) == [
        "new",
        "sent",
        "opened",
        "answering",
        "submitted",
        "expired",
        "revoked",
    ]
    board = guest_board(acting, ENGAGEMENT)
    guest = guest_of(acting, ENGAGEMENT, answering)
    assert (guest.answered, guest.last_at) == (1, NOW)
    assert guest.asked > 1
    assert board.submitted == board.roles[0].submitted == 1
    assert board.asked == board.roles[0].asked == len(board.guests) - 1
    missing = [guest.status for guest in board.guests if guest.is_missing]
    assert "expired" in missing
    assert len(missing) == board.asked - board.submitted
    assert {card.invitation for card in cards(acting, ENGAGEMENT)} == {
        new,
        sent,
        opened,
        answering,
    }


def test_a_replaced_link_is_new_and_the_old_one_opens_nothing(kitchen: Installed) -> None:
    grill, done = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"), Invited("cook", "Done"))
    answer(kitchen, done, ["cold-chain"], submitted=True)
    before, kept = row_of(kitchen, grill), row_of(kitchen, done)
    old = link(kitchen, grill)
    acting = later(kitchen.acting("consultant"), days=40)
    assert reissue(acting, ENGAGEMENT, [grill, done]) == 1
    after = row_of(kitchen, grill)
    assert after.issue == before.issue + 1
    assert after.token_hash != before.token_hash
    assert after.expires_at == acting.now + timedelta(days=DAYS)
    assert link(kitchen, grill) != old
    assert row_of(kitchen, done).token_hash == kept.token_hash


def test_a_withdrawn_link_comes_back_as_a_new_one(kitchen: Installed) -> None:
    (grill,) = invited(kitchen, ENGAGEMENT, Invited("cook", "Grill"))
    acting = kitchen.acting("consultant")
    answer(kitchen, grill, ["cold-chain"])
    assert revoke(acting, ENGAGEMENT, [grill]) == 1
    assert revoke(acting, ENGAGEMENT, [grill]) == 0
    assert cards(acting, ENGAGEMENT) == []
    reissue(acting, ENGAGEMENT, [grill])
    assert states(kitchen, ENGAGEMENT) == ["answering"]


def test_the_label_of_the_answers_follows_that_of_the_invitation(kitchen: Installed) -> None:
    grill, _fry = invited(kitchen, ENGAGEMENT, Invited("cook", "Gril"), Invited("cook", "Fry"))
    answer(kitchen, grill, ["cold-chain"])
    acting = kitchen.acting("consultant")
    day = acting.today + timedelta(days=3)
    change_invitation(acting, ENGAGEMENT, grill, Invited("cook", "Grill", "Bo"), day)
    with acting.reading() as session:
        assert session.scalars(select(Response.label)).one() == "Grill"
    guest = guest_of(acting, ENGAGEMENT, grill)
    assert (guest.label, guest.contact_name) == ("Grill", "Bo")
    assert f"{guest.expires_at:%Y-%m-%d %H:%M:%S}" == f"{day} 15:59:59", "its last second there"
    with pytest.raises(LabelTakenError):
        change_invitation(acting, ENGAGEMENT, grill, Invited("cook", "Fry"), day)
    for wrong in (acting.today - timedelta(days=1), acting.today + timedelta(days=181)):
        with pytest.raises(RefusedError):
            change_invitation(acting, ENGAGEMENT, grill, Invited("cook", "Grill"), wrong)


@pytest.mark.parametrize(
    "act",
    [
        lambda acting, ids: revoke(acting, ENGAGEMENT, ids),
        lambda acting, ids: reissue(acting, ENGAGEMENT, ids),
        lambda acting, ids: write_to(acting, ENGAGEMENT, ids),
        lambda acting, ids: cards(acting, ENGAGEMENT, ids),
    ],
    ids=["revoke", "reissue", "write", "print"],
)
def test_one_foreign_invitation_among_several_refuses_them_all(
    kitchen: Installed, act: Callable[[Acting, list[str]], object]
) -> None:
    add_kitchen(kitchen, tenant=kitchen.second, engagement="d" * 16, answered=False)
    (own,) = invited(kitchen, ENGAGEMENT, MANAGER)
    (unassigned,) = invited(kitchen, OTHER, MANAGER, who="colleague")
    (foreign,) = invited(kitchen, "d" * 16, MANAGER, tenant=kitchen.second)
    acting = kitchen.acting("consultant")
    before = [vars(row_of(kitchen, name))["token_hash"] for name in (own, unassigned)]
    for stranger in (unassigned, foreign, "0" * 16):
        with pytest.raises(NotFoundError):
            act(acting, [own, stranger])
    rows = [row_of(kitchen, own), row_of(kitchen, unassigned)]
    rows.append(row_of(kitchen, foreign, kitchen.second))
    assert [row.token_hash for row in rows[:2]] == before
    assert [row.revoked_at for row in rows] == [None, None, None]
    assert letters(kitchen) == []


def test_an_invitation_of_another_engagement_is_not_found_here(kitchen: Installed) -> None:
    (theirs,) = invited(kitchen, OTHER, MANAGER, who="colleague")
    owner = kitchen.acting("owner")
    with pytest.raises(NotFoundError):
        guest_of(owner, ENGAGEMENT, theirs)
    with pytest.raises(NotFoundError):
        change_invitation(owner, ENGAGEMENT, theirs, Invited("manager", "x"), owner.today)
    assert row_of(kitchen, theirs).label == ""


def test_viewers_see_progress_and_no_link(kitchen: Installed) -> None:
    add_kitchen(kitchen, engagement="d" * 16, answered=False, team=("viewer", "consultant"))
    (invitation,) = invited(kitchen, "d" * 16, MANAGER)
    viewer = kitchen.acting("viewer")
    assert [guest.status for guest in guest_board(viewer, "d" * 16).guests] == ["new"]
    for forbidden in (
        lambda: cards(viewer, "d" * 16),
        lambda: invite(viewer, "d" * 16, [Invited("cook", "x")]),
        lambda: invite_several(viewer, "d" * 16, Invited("cook", "x"), 2),
        lambda: change_invitation(viewer, "d" * 16, invitation, MANAGER, viewer.today),
        lambda: revoke(viewer, "d" * 16, [invitation]),
        lambda: reissue(viewer, "d" * 16, [invitation]),
        lambda: write_to(viewer, "d" * 16, None),
    ):
        with pytest.raises(NotAllowedError):
            forbidden()
    assert row_of(kitchen, invitation).revoked_at is None


def test_an_archived_engagement_invites_nobody(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    archive_engagement(acting, ENGAGEMENT, archived=True)
    with pytest.raises(ConflictError):
        invite(acting, ENGAGEMENT, [Invited("cook", "x")])
    with pytest.raises(ConflictError):
        write_to(acting, ENGAGEMENT, [invitation])
    assert letters(kitchen) == []


def test_everything_is_written_down_without_a_token(kitchen: Installed) -> None:
    acting = kitchen.acting("consultant")
    one, two = invited(kitchen, ENGAGEMENT, MANAGER, Invited("cook", "Grill"))
    write_to(acting, ENGAGEMENT, [one])
    write_to(later(acting, days=2), ENGAGEMENT, [one])
    change_invitation(acting, ENGAGEMENT, two, Invited("cook", "Fry"), acting.today)
    reissue(acting, ENGAGEMENT, [two])
    revoke(acting, ENGAGEMENT, [two])
    with acting.reading() as session:
        rows = list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))
    assert [row.action for row in rows] == [
        "invitation.created",
        "invitation.mailed",
        "invitation.reminded",
        "invitation.changed",
        "invitation.reissued",
        "invitation.revoked",
    ]
    assert all(row.engagement_id == ENGAGEMENT for row in rows)
    assert "zm_" not in str([row.detail for row in rows])


# -- letters -------------------------------------------------------------------------------------


def test_the_first_letter_invites_and_the_next_reminds(kitchen: Installed) -> None:
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    acting = kitchen.acting("consultant")
    assert write_to(acting, ENGAGEMENT, [invitation]) == Posted(sent=1)
    assert write_to(later(acting, hours=23), ENGAGEMENT, [invitation]) == Posted(too_soon=1)
    assert write_to(later(acting, hours=24), ENGAGEMENT, [invitation]) == Posted(sent=1)
    assert write_to(later(acting, hours=47), ENGAGEMENT, [invitation]) == Posted(too_soon=1)
    assert sorted(mail.template for mail in letters(kitchen)) == ["invitation", "reminder"]
    for mail in letters(kitchen):
        assert (mail.recipient, mail.locale) == ("ann@riverside.example", "en-GB")
        assert mail.values["name"] == "Ann Lee"
        assert "zm_" not in str(mail.values)


@pytest.mark.parametrize("everybody", [False, True], ids=["chosen", "everybody"])
def test_asking_ten_times_at_once_writes_one_letter(kitchen: Installed, everybody: bool) -> None:
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    acting, whom = kitchen.acting("consultant"), None if everybody else [invitation]
    posted = at_once(10, lambda _n: write_to(acting, ENGAGEMENT, whom))
    assert sorted(map(str, posted)) == sorted(map(str, [Posted(sent=1), *[Posted(too_soon=1)] * 9]))
    assert [mail.template for mail in letters(kitchen)] == ["invitation"]


def test_reminding_all_leaves_out_whoever_needs_no_letter(kitchen: Installed) -> None:
    people = [Invited("cook", label, email=f"{label}@x.example") for label in "abc"]
    waiting, done, gone = invited(kitchen, ENGAGEMENT, *people)
    invited(kitchen, ENGAGEMENT, Invited("cook", "without an address"))
    answer(kitchen, done, ["cold-chain"], submitted=True)
    acting = kitchen.acting("consultant")
    revoke(acting, ENGAGEMENT, [gone])
    assert write_to(acting, ENGAGEMENT, None) == Posted(sent=1, finished=2, without_address=1)
    assert [mail.recipient for mail in letters(kitchen)] == ["a@x.example"]
    assert row_of(kitchen, waiting).mailed_at == NOW


def test_a_new_link_is_mailed_as_an_invitation_again(kitchen: Installed) -> None:
    (invitation,) = invited(kitchen, ENGAGEMENT, MANAGER)
    acting = kitchen.acting("consultant")
    write_to(acting, ENGAGEMENT, [invitation])
    reissue(acting, ENGAGEMENT, [invitation])
    assert write_to(acting, ENGAGEMENT, [invitation]) == Posted(sent=1)
    assert [mail.template for mail in letters(kitchen)] == ["invitation", "invitation"]
