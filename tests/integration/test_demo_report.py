"""The demo's second case issued through its job is what the report's own code makes of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pypdfium2
import pytest
from sqlalchemy import select

from app.content.answers import read_assessment
from app.domain.diagnosis import diagnose
from app.reporting.context.source import Edition
from app.reporting.document import diagnosis_schema
from app.services.acting import Acting
from app.services.casework.assessing import Assessed
from app.services.casework.issuing import render_report
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
def test_the_second_case_is_drawn_as_its_frozen_inputs_say(
    database: Database, tmp_path: Path
) -> None:
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
        assert session.scalars(select(Job.state)).one() == "done"
        report = session.find(Report, issued.report)
        files = {row.format: row for row in session.scalars(select(ReportFile))}
    assert report is not None

    store = file_store(settings)
    model = model_of(database, settings, report.release_digest)
    said = read_assessment(store.path(report.answers).read_bytes(), "answers.yaml", model)
    found = diagnose(model, said, report.as_of, calendar=working_days(report.as_of))
    edition = Edition(
        report.number, report.version, report.issued_on, report.locale, "1.0.0", report.digest
    )
    rendered = render_report(Assessed(found, report.digest), edition)
    data = store.path(files["pdf"].digest).read_bytes()
    assert data == rendered.data
    assert files["pdf"].pages == rendered.pages == len(pypdfium2.PdfDocument(data))
    document = json.loads(store.path(files["json"].digest).read_bytes())
    jsonschema.validate(document, diagnosis_schema())
    assert document["report"]["number"] == report.number
    assert document["index"] == pytest.approx(float(found.scorecard.index or 0), abs=1e-4)
