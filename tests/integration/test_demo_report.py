"""The demo's second case issued through its job: a whole, accessible report of what was frozen.

That a job's file is byte for byte what its frozen inputs give is proved with a small report, in
``tests/services/test_report_drawing.py``.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import page as page_validation
import pypdfium2
import pytest
from sqlalchemy import select

from app.content.answers import read_assessment
from app.domain.diagnosis import diagnose
from app.reporting.document import diagnosis_schema
from app.services.acting import Acting
from app.services.engagements.demo import load_demo
from app.services.files import file_store
from app.services.releases import model_of
from app.services.reports.register import request_report
from app.services.working_days import working_days
from app.settings import Settings
from app.store.database import Database
from app.store.doors import member_by_email
from app.store.rows import Client, Engagement, Job, Report, ReportFile
from app.store.scope import INSTALLATION
from tests.kitchens import work
from tests.people import SECRET


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_second_case_is_drawn_whole_and_accessible(database: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", secret_key=SECRET)
    now = datetime.now(UTC)
    load_demo(database, settings, now, drawn=False)
    with database.reading(INSTALLATION) as session:
        owner = member_by_email(session, "owner@example.com")
    assert owner is not None
    acting = Acting(database, settings, owner.tenant_id, owner.id, owner.name, "owner", now)
    with acting.reading() as session:
        engagement = session.scalars(
            select(Engagement.id)
            .join(Client, Client.id == Engagement.client_id)
            .where(Client.name.contains("珠宝"))
        ).one()
    issued = request_report(acting, engagement, "zh-Hans")
    work(acting)
    with acting.reading() as session:
        drawn = select(Job.state).where(Job.subject == issued.report)
        assert session.scalars(drawn).one() == "done"
        report = session.find(Report, issued.report)
        files = {
            row.format: row
            for row in session.scalars(
                select(ReportFile).where(ReportFile.report_id == issued.report)
            )
        }
    assert report is not None

    store = file_store(settings)
    model = model_of(database, settings, report.release_digest)
    said = read_assessment(store.path(report.answers).read_bytes(), "answers.yaml", model)
    found = diagnose(model, said, report.as_of, calendar=working_days(report.as_of))
    data = store.path(files["pdf"].digest).read_bytes()
    pages = pypdfium2.PdfDocument(data)
    assert files["pdf"].pages == len(pages) > 60
    for number in range(1, len(pages)):  # a cover carries no footer
        text = pages[number].get_textpage().get_text_range()
        assert f"{number + 1} / {len(pages)}" in text, number
        assert found.assessment.client.name in text, number
        assert f"{report.number}" in text, number
    faults = page_validation.validate_pdf_bytes(data, profile="pdf-ua-1").failures
    assert [(fault.rule_id, fault.message) for fault in faults] == []
    document = json.loads(store.path(files["json"].digest).read_bytes())
    jsonschema.validate(document, diagnosis_schema())
    assert document["report"]["number"] == report.number
    assert document["index"] == pytest.approx(float(found.scorecard.index or 0), abs=1e-4)
