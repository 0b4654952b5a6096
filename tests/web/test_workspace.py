"""Today, clients, engagements and teams, as people meet them in a browser."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.services.accounts.profiles import choose_locale
from app.services.engagements.clients import client_page
from app.services.engagements.undertaking import engagement_view
from app.store.rows import AuditEvent, Client, Engagement, TeamMember
from tests.installations import NOW
from tests.kitchens import ENGAGEMENT, add_kitchen
from tests.people import Installed
from tests.workspace import HOSTILE, counted

HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
PAGE = f"/engagements/{ENGAGEMENT}"
CLIENT = f"/clients/c{ENGAGEMENT[1:]}"
NEW = {
    "name": "红花制衣",
    "industry": "服装零售",
    "archetype": "store-frequent",
    "business_model": "b2c",
    "city_tier": "",
    "stores": "12",
    "contact": "",
    "note": "",
}
BEGUN = {"title": "首次诊断", "form": "full", "locale": "zh-Hans", "interviewed_on": ""}


def body(browser: FlaskClient, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, path
    return response.text


def without_token(text: str) -> str:
    return re.sub(r'(csrf-token" content|csrf_token" value)="[^"]*"', "", text)


def test_from_the_first_client_to_a_running_engagement(installed: Installed) -> None:
    browser = installed.browser("consultant")
    assert "/clients/new" in body(browser, "/today")
    made = browser.post("/clients/new", data=NEW)
    assert made.status_code == 303
    assert "新建项目" in body(browser, made.location)
    begun = browser.post(f"{made.location}/engagements/new", data=BEGUN)
    assert begun.status_code == 303
    page = body(browser, begun.location)
    assert all(word in page for word in ("红花制衣", "首次诊断", "诊断", "对齐", "设计", "陪跑"))
    assert "一个私域战略" in page
    assert "首次诊断" in body(browser, "/clients")
    assert begun.location in body(browser, "/today")


def test_a_refused_form_says_why_and_keeps_what_was_typed(installed: Installed) -> None:
    browser = installed.browser("consultant")
    response = browser.post("/clients/new", data={**NEW, "name": " ", "stores": "-1"})
    assert response.status_code == 422
    assert "请填写客户名称。" in response.text
    assert 'value="服装零售"' in response.text
    assert client_page(installed.acting()).total == 0
    add_kitchen(installed)
    response = browser.post(f"{PAGE}/edit", data={**BEGUN, "interviewed_on": "tomorrow"})
    assert response.status_code == 422
    assert 'value="tomorrow"' in response.text


def test_a_field_that_is_not_on_the_page_is_refused(installed: Installed) -> None:
    add_kitchen(installed)
    browser = installed.browser("consultant")
    before = engagement_view(installed.acting(), ENGAGEMENT)
    for extra in ("tenant_id", "created_by", "archived_at", "role", "status", "no_such_field"):
        for path, form in (
            ("/clients/new", NEW),
            (f"{CLIENT}/edit", {**NEW, "name": "changed"}),
            (f"{CLIENT}/archive", {"archived": "yes"}),
            (f"{CLIENT}/engagements/new", BEGUN),
            (f"{PAGE}/edit", {**BEGUN, "title": "changed", "locale": "en-GB"}),
            (f"{PAGE}/archive", {"archived": "yes"}),
            (f"{PAGE}/team", {"member": installed.first.people["colleague"].id}),
        ):
            response = browser.post(path, data={**form, extra: installed.second.id})
            assert response.status_code == 422, (path, extra)
    assert engagement_view(installed.acting(), ENGAGEMENT) == before
    with installed.acting().reading() as session:
        assert len(session.scalars(select(Client)).all()) == 1
        assert len(session.scalars(select(Engagement)).all()) == 1
        assert len(session.scalars(select(TeamMember)).all()) == 1


READ = (
    "/clients/{client}",
    "/clients/{client}/edit",
    "/clients/{client}/engagements/new",
    "/engagements/{engagement}",
    "/engagements/{engagement}/edit",
    "/engagements/{engagement}/team",
    "/engagements/{engagement}/invitations",
    "/engagements/{engagement}/invitations/new",
    "/engagements/{engagement}/invitations/links",
    "/engagements/{engagement}/invitations/import",
    "/engagements/{engagement}/invitations/sheet",
    "/engagements/{engagement}/invitations/template.xlsx",
    "/engagements/{engagement}/invitations/progress.xlsx",
    "/today/{engagement}",
)
WRITTEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("/clients/{client}/edit", NEW),
    ("/clients/{client}/archive", {"archived": "yes"}),
    ("/clients/{client}/engagements/new", BEGUN),
    ("/engagements/{engagement}/edit", BEGUN),
    ("/engagements/{engagement}/archive", {"archived": "yes"}),
    ("/engagements/{engagement}/team", {"member": "x"}),
    ("/engagements/{engagement}/team/{member}/leave", {}),
    ("/engagements/{engagement}/invitations/new", {"role": "cook"}),
    ("/engagements/{engagement}/invitations/links", {"role": "cook", "count": "3", "days": "3"}),
    ("/engagements/{engagement}/invitations/chosen", {"action": "write-all"}),
)


@pytest.mark.parametrize("who", ["colleague", "other"])
def test_what_is_not_yours_looks_like_what_is_not_there(installed: Installed, who: str) -> None:
    """Same tenant but not on the team, or another tenant: the same answer as for no such thing."""
    add_kitchen(installed, team=("consultant",))
    own = {"client": f"c{ENGAGEMENT[1:]}", "engagement": ENGAGEMENT}
    none = {"client": "0" * 16, "engagement": "0" * 16}
    member = installed.first.people["consultant"].id
    if who == "other":
        browser = installed.browser("owner", installed.second)
    else:
        browser = installed.browser("colleague")
    before = engagement_view(installed.acting(), ENGAGEMENT)
    for path in READ:
        real, missing = browser.get(path.format(**own)), browser.get(path.format(**none))
        assert real.status_code == missing.status_code == 404, path
        assert without_token(real.text).replace(ENGAGEMENT, "").replace(own["client"], "") == (
            without_token(missing.text).replace("0" * 16, "")
        ), path
    for path, form in WRITTEN:
        there = path.format(**own, member=member)
        assert browser.post(there, data=form).status_code == 404, path
    assert engagement_view(installed.acting(), ENGAGEMENT) == before


def test_a_viewer_reads_everything_and_is_offered_nothing_to_change(installed: Installed) -> None:
    add_kitchen(installed, team=("viewer",))
    browser = installed.browser("viewer")
    for path in ("/today", "/clients", CLIENT, PAGE, f"{PAGE}/team", f"{PAGE}/invitations"):
        page = body(browser, path).replace('action="/locale"', "").replace('action="/sign-out"', "")
        assert 'method="post" action="/' not in page, path
        assert "/new" not in page, path
        assert "/edit" not in page, path
    for path, form in WRITTEN:
        address = path.format(client=CLIENT[9:], engagement=ENGAGEMENT, member="x")
        assert browser.post(address, data=form).status_code == 403, path
    for path in ("edit", "invitations/new", "invitations/sheet", "invitations/import"):
        assert browser.get(f"{PAGE}/{path}").status_code == 403, path


def test_nobody_gets_in_without_signing_in(installed: Installed) -> None:
    browser = installed.browser(None)
    for path in ("/today", "/clients", *(path.format(client="c", engagement="e") for path in READ)):
        response = browser.get(path)
        assert response.status_code == 303, path
        assert "sign-in" in response.location, path


def test_markup_and_templates_stand_on_pages_as_they_were_typed(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    browser = installed.browser("consultant")
    for text in HOSTILE:
        client = {**NEW, "name": text, "industry": text, "contact": text, "note": text}
        assert browser.post(f"{CLIENT}/edit", data=client).status_code == 303
        told = {**BEGUN, "title": text, "locale": "en-GB"}
        assert browser.post(f"{PAGE}/edit", data=told).status_code == 303
        for path in ("/today", f"/today/{ENGAGEMENT}", "/clients", CLIENT, PAGE, f"{PAGE}/team"):
            page = body(browser, path)
            assert "<script>alert" not in page, path
            assert "<img src=x" not in page, path
            assert ">49<" not in page, path
        # What people read: form tokens and the versions of files have any digits.
        assert "49" not in re.sub(r"<[^>]*>", " ", body(browser, "/clients"))
        found = body(browser, f"/clients?q={text[:8]}")
        assert "<script>alert" not in found


def test_the_team_is_changed_from_its_page(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    browser = installed.browser("consultant")
    colleague = installed.first.people["colleague"]
    assert browser.post(f"{PAGE}/team", data={"member": colleague.id}).status_code == 303
    assert colleague.name in body(browser, f"{PAGE}/team")
    assert installed.browser("colleague").get(PAGE).status_code == 200
    assert browser.post(f"{PAGE}/team/{colleague.id}/leave").status_code == 303
    assert installed.browser("colleague").get(PAGE).status_code == 404
    own = installed.first.people["consultant"].id
    assert browser.post(f"{PAGE}/team/{own}/leave").status_code == 303
    assert "至少要留一个人" in body(browser, f"{PAGE}/team")
    stranger = installed.second.people["consultant"].id
    assert browser.post(f"{PAGE}/team", data={"member": stranger}).status_code == 422


def test_archiving_and_restoring_from_the_pages(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant",))
    browser = installed.browser("consultant")
    assert browser.post(f"{PAGE}/archive", data={"archived": "yes"}).status_code == 303
    assert PAGE not in body(browser, "/today")
    assert "恢复项目" in body(browser, f"{PAGE}/edit")
    browser.post(f"{PAGE}/archive", data={"archived": "no"})
    assert PAGE in body(browser, "/today")
    browser.post(f"{CLIENT}/archive", data={"archived": "yes"})
    assert CLIENT not in body(browser, "/clients")
    assert CLIENT in body(browser, "/clients?archived=yes")


def test_an_odd_address_shows_the_page_all_the_same(installed: Installed) -> None:
    browser = installed.browser("owner")
    for query in ("?page=0", "?page=-3", "?page=99999999", "?page=x", "?need=x"):
        for path in ("/today", "/clients"):
            assert browser.get(path + query).status_code == 200, path + query
    for path in ("/clients?q=%00", "/clients/%00", "/engagements/%00/invitations", "/today?%00=x"):
        assert browser.get(path).status_code == 400, path


def test_english_pages_have_no_chinese_left(installed: Installed) -> None:
    add_kitchen(installed, team=("consultant", "viewer"))
    with installed.acting().writing() as session:
        row = session.find(Engagement, ENGAGEMENT)
        assert row is not None
        row.title = "First diagnosis"
    tenant = installed.first
    own = ("诊脉", "中文", *(person.name for person in tenant.people.values()), tenant.name)
    paths = ["/today", f"/today/{ENGAGEMENT}", "/clients", "/clients?q=zzz", "/clients/new"]
    paths += ["/clients?archived=yes", CLIENT, f"{CLIENT}/edit", PAGE, f"{PAGE}/team"]
    paths += [f"{PAGE}/edit", f"{PAGE}/invitations"]
    paths += [f"{PAGE}/invitations/{part}" for part in ("new", "links", "import", "sheet")]
    for who in ("consultant", "viewer", "colleague"):
        choose_locale(installed.acting(who), "en")
        browser = installed.browser(who)
        for path in paths:
            text = browser.get(path).text
            for name in own:
                text = text.replace(name, "")
            assert not HAN.findall(text), (path, re.findall(rf".{{0,20}}{HAN.pattern}+", text)[:3])


def test_every_write_is_on_record(installed: Installed) -> None:
    browser = installed.browser("consultant")
    client = browser.post("/clients/new", data=NEW).location
    engagement = browser.post(f"{client}/engagements/new", data=BEGUN).location
    browser.post(f"{engagement}/edit", data={**BEGUN, "title": "新"})
    browser.post(f"{engagement}/archive", data={"archived": "yes"})
    with installed.acting().reading() as session:
        rows = list(session.scalars(select(AuditEvent).order_by(AuditEvent.number)))
    assert [row.action for row in rows] == [
        "client.created",
        "engagement.created",
        "engagement.changed",
        "engagement.archived",
    ]
    assert {row.actor_id for row in rows} == {installed.first.people["consultant"].id}


# -- how much it costs ---------------------------------------------------------------------------


def _fill(installed: Installed, count: int) -> None:
    """Have ``count`` engagements, each of a client of its own, worked on by the consultant."""
    acting = installed.acting("consultant")
    if not client_page(acting).total:
        add_kitchen(installed, answered=False)
    with acting.writing() as session:
        first = session.find(Engagement, ENGAGEMENT)
        assert first is not None
        about = {"created_at": NOW, "created_by": acting.person}
        have = session.scalars(select(Engagement.id)).all()
        ids = [name for number in range(1, count) if (name := f"{number:016x}") not in have]
        session.add_all(Client(id=name, name=f"client {name}", **about) for name in ids)
        session.flush()
        session.add_all(
            Engagement(
                id=name,
                client_id=name,
                title=name,
                release_digest=first.release_digest,
                form="full",
                locale="en-GB",
                **about,
            )
            for name in ids
        )
        session.flush()
        session.add_all(TeamMember(engagement_id=name, member_id=acting.person) for name in ids)


@pytest.mark.parametrize("who", ["owner", "consultant"])
def test_lists_cost_the_same_queries_for_5_and_for_60_engagements(
    installed: Installed, who: str
) -> None:
    paths = ("/today", "/clients", "/clients?q=client", PAGE, f"{PAGE}/invitations")
    found: list[list[int]] = []
    for count in (5, 60):
        _fill(installed, count)
        browser = installed.browser(who)
        engagement_view(installed.acting(who), ENGAGEMENT)
        numbers = []
        for path in paths:
            with counted(installed.database) as statements:
                assert browser.get(path).status_code == 200
            numbers.append(len(statements))
        found.append(numbers)
    assert found[0] == found[1]
    assert max(found[0]) <= 12
