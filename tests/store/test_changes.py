"""Every transaction that touches an engagement counts one change, whoever wrote it."""

from app.services.answers.answering import Given, save_answer
from app.services.engagements.clients import ClientWords, change_client
from app.services.invitations.inviting import Invited
from app.store.rows import Engagement, EngagementProgress, Response
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import invited

OTHER = "f" * 16


def changes(installed: Installed, engagement: str = ENGAGEMENT) -> int:
    with installed.acting().reading() as session:
        row = session.find(EngagementProgress, engagement)
        assert row is not None
        return row.changes


def test_a_new_engagement_begins_its_count(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    assert changes(installed) == 0


def test_an_answer_counts_in_its_engagement_alone(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    add_kitchen(installed, answered=False, engagement=OTHER)
    acting = installed.acting("consultant")
    with acting.writing() as session:
        session.add(
            Response(
                id="r" * 16,
                engagement_id=ENGAGEMENT,
                kind="interview",
                role="manager",
                release_digest="",
                created_at=NOW,
            )
        )
    before = changes(installed)
    save_answer(acting, "r" * 16, Given("cold-chain", "given", 2), 0, "k1")
    save_answer(acting, "r" * 16, Given("cold-chain", "given", 1), 1, "k2")
    assert changes(installed) == before + 2
    assert changes(installed, OTHER) == 0


def test_a_client_counts_in_all_its_engagements(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    with installed.acting().reading() as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        client = row.client_id
    change_client(installed.acting(), client, ClientWords("另一个名字"))
    assert changes(installed) == 1


def test_what_is_rolled_back_counts_nothing(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    try:
        with installed.acting().writing() as session:
            row = session.find(Engagement, ENGAGEMENT)
            assert row is not None
            row.title = "changed"
            session.flush()
            raise RuntimeError
    except RuntimeError:
        pass
    assert changes(installed) == 0


def test_several_writes_of_one_transaction_count_once(installed: Installed) -> None:
    add_kitchen(installed, answered=False)
    invited(installed, ENGAGEMENT, *(Invited("cook", f"Stove {n}") for n in range(5)))
    assert changes(installed) == 1
