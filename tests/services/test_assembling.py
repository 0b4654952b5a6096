"""What an engagement's rows say is exactly what the answers file said."""

from pathlib import Path

import pytest

from app.content.answers import read_assessment
from app.services.access import open_engagement
from app.services.answers.assembling import assembled, gather
from app.services.diagnosis.diagnosing import current_diagnosis
from app.services.engagements.importing import import_assessment
from app.services.releases import keep_model, model_of
from app.store.rows import Client, Engagement
from tests.installations import NOW
from tests.people import Installed

EXAMPLES = Path(__file__).resolve().parents[2] / "questionnaires" / "private-domain" / "examples"


@pytest.mark.parametrize("case", ["case-1-mother-baby", "case-2-jewellery"])
def test_a_published_case_comes_back_as_it_was_written(installed: Installed, case: str) -> None:
    acting = installed.acting()
    digest = keep_model(installed.database, installed.settings, "private-domain", NOW)
    model = model_of(installed.database, installed.settings, digest)
    data = (EXAMPLES / f"{case}.yaml").read_bytes()
    written = read_assessment(data, case, model)
    with acting.writing() as session:
        client = Client(
            id="c" * 16,
            name=written.client.name,
            industry=written.client.industry,
            archetype=written.client.archetype or "",
            city_tier=written.client.city_tier or "",
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(client)
        session.flush()
        engagement = Engagement(
            id="e" * 16,
            client_id=client.id,
            title="t",
            release_digest=digest,
            form=written.form,
            locale="zh-Hans",
            interviewed_on=written.interviewed_on,
            created_at=NOW,
            created_by=acting.person,
        )
        session.add(engagement)
        session.flush()
        import_assessment(acting, session, engagement, written)
    with acting.reading() as session:
        found = assembled(gather(session, open_engagement(acting, session, "e" * 16)), model)
    assert found.facts == written.facts
    assert found.respondents == written.respondents
    assert found.adjudications == written.adjudications
    assert found.controls == written.controls
    assert found.client.archetype == written.client.archetype
    first = current_diagnosis(acting, "e" * 16)
    assert current_diagnosis(acting, "e" * 16).diagnosis is first.diagnosis
