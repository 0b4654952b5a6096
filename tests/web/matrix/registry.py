"""What the matrix knows of routes beyond their rules: the one file to add to with a new route.

Rules, methods and rights come from the application. Here stand the values of URL parameters, what
a form of the page sends, where else an id can be put in, and answers that differ from the usual.
A parameter without a value stops the matrix with its name.
"""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from PIL import Image

from app.services.workbooks.writing import Column, Sheet, workbook_of
from app.web.principal import RESPONDENT_COOKIE, check_cookie
from tests.accounts import PASSWORD
from tests.installations import NOW
from tests.web.matrix.world import House, Work, World

Level: TypeAlias = Literal["work", "house", "person"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is taken from: an engagement of a house, and one of its people."""

    world: World
    house: House
    work: Work
    person: str


Finder: TypeAlias = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Owned:
    """A parameter that names a row: of an engagement, of the whole house, or of one person."""

    find: Finder
    level: Level = "work"


@dataclass(frozen=True, slots=True)
class Word:
    """A parameter that names something of the model or the program, the same for everybody.

    ``closed``: other words lead nowhere, and that is tried too.
    """

    find: Finder
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Secret:
    """A parameter that is itself the right to come in: whoever has it, may."""

    find: Finder
    dead: Mapping[str, Finder] = field(default_factory=dict)
    """Secrets that are good no longer: as good as made up."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a request carries."""

    form: Mapping[str, Any] | None = None
    json: Mapping[str, Any] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)


def _of(name: str) -> Finder:
    return lambda at: at.work.ids[name]


def _word(word: str) -> Word:
    return Word(lambda _at: word)


def _member(who: str) -> Finder:
    return lambda at: at.house.person(who)


VALUES: Final[Mapping[str, Owned | Word | Secret]] = {
    "engagement": Owned(_of("engagement")),
    "client": Owned(_of("client")),
    "response": Owned(_of("response")),
    "invitation": Owned(_of("invitation")),
    "photo": Owned(_of("photo")),
    "contact": Owned(_of("contact")),
    "store": Owned(_of("store")),
    "report": Owned(_of("report")),
    "member": Owned(_member("viewer"), "house"),
    "joining_id": Owned(lambda at: at.house.ids["joining"], "house"),
    "device": Owned(lambda at: at.house.devices[at.person], "person"),
    "lead": Owned(lambda at: at.house.ids["lead"], "house"),
    "slug": Word(lambda at: at.house.ids["slug"]),
    "number": _word("1"),
    "item": Word(_of("item")),
    "question": Word(_of("question:ruled")),
    "filename": _word("css/base.css"),
    "place": Word(lambda _at: "join", closed=False),  # routing itself takes no other
    # -- parameters whose name means different things on different routes -------------------------
    "auth.link:token": Secret(lambda at: at.house.ids["joining:token"]),
    "respond.door:token": Secret(
        _of("token:open"), {"expired": _of("token:expired"), "revoked": _of("token:revoked")}
    ),
    "respond.photo:photo": Owned(_of("photo:guest"), "person"),
    "respond.remove_photo:photo": Owned(_of("photo:guest"), "person"),
    "respond.photos:item": Word(_of("question:guest")),
    "pulse.sheet:token": Secret(_of("token:pulse"), {"replaced": _of("token:pulse:old")}),
    "portal.enter:token": Secret(
        _of("token:contact"),
        {"used": _of("token:contact:used"), "expired": _of("token:contact:expired")},
    ),
    "portal.feed:token": Secret(_of("token:feed"), {"revoked": _of("token:feed:revoked")}),
    "portal.finding:name": Word(_of("rule:decided")),
    "portal.comment:name": Word(_of("rule:decided")),
    "sharing.answer:name": Word(_of("rule")),
    "workspace.leave:member": Owned(_member("owner"), "house"),
    "interview.discard:response": Owned(_of("response:empty")),
    "interview.reopen:response": Owned(_of("response:closed")),
    "workspace.reopen:response": Owned(_of("response:done")),
    "interview.save_section:section": Word(_of("section")),
    "reports.file:form": _word("pdf"),
    "reports.retry:report": Owned(_of("report:failed")),
    "reports.cancel:report": Owned(_of("report:queued")),
    "diagnosis.dimension:name": Word(_of("dimension")),
    "diagnosis.area:name": Word(_of("area")),
    "diagnosis.question:name": Word(_of("question:scored")),
    "diagnosis.fact:name": Word(_of("fact")),
    "diagnosis.number:name": _word("roi"),
    "diagnosis.finding:name": Word(_of("rule")),
    "diagnosis.accept:name": Word(_of("rule")),
    "diagnosis.edit:name": Word(_of("rule")),
    "diagnosis.reject:name": Word(_of("rule")),
}
"""URL parameter, or ``endpoint:parameter``, → where its value comes from."""


# -- what forms send -------------------------------------------------------------------------------


def _form(**fields: Any) -> Callable[[Place], Sent]:
    return lambda _at: Sent(form=fields)


def _json(**fields: Any) -> Callable[[Place], Sent]:
    return lambda _at: Sent(json=fields)


def _picture() -> bytes:
    store = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(store, "PNG")
    return store.getvalue()


def _guest_list(at: Place) -> Sent:
    columns = tuple(Column(name) for name in ("角色", "门店或区分标签", "姓名", "邮箱", "电话"))
    rows = [(at.work.ids["role:title"], "新门店", "", "", "")]
    book = workbook_of([Sheet("guests", columns, rows)], NOW)
    return Sent(form={"list": (io.BytesIO(book), "list.xlsx")})


def _screen(at: Place) -> Sent:
    return Sent(form={"form_key": "0" * 24, "to": "", at.work.ids["screen:input"]: "2"})


def _notice(at: Place) -> Sent:
    """Agree to the text that stands on the page."""
    browser = at.world.app.test_client(use_cookies=False)
    cookie = f"{RESPONDENT_COOKIE}={at.work.cookies['new']}"
    page = browser.get("/answer", headers={"Cookie": cookie}).text
    found = re.search(r'name="version" value="([0-9a-f]{64})"', page)
    return Sent(form={"version": found[1] if found else ""})


def _adjudicated(at: Place) -> Sent:
    name = f"q-{at.work.ids['question:ruled']}"
    fields = {
        f"{name}_value": "2", f"{name}_evidence": "E2", f"{name}_note": "现场看过",
        "base": "1", "form_key": "matrix-ruling",
    }  # fmt: skip
    return Sent(form=fields)


def _answered(at: Place) -> Sent:
    said = {"item": at.work.ids["item"], "value": "3", "base": 1, "key": "matrix-answer"}
    return Sent(json=said)


def _version_on(at: Place, path: str, cookie: str = "") -> str:
    """Return the version of the notice on a page of the self-check."""
    browser = at.world.app.test_client(use_cookies=False)
    page = browser.get(path, headers={"Cookie": cookie} if cookie else {}).text
    found = re.search(r'name="version" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


def _beginning(at: Place) -> Sent:
    """Agree to the text that stands at the door."""
    version = _version_on(at, f"/check/{at.house.ids['slug']}")
    return Sent(form={"role": "private-domain-head", "version": version})


def _asking(at: Place) -> Sent:
    """Agree to the text before the answers are handed over."""
    slug = at.house.ids["slug"]
    cookie = f"{check_cookie(slug)}={at.house.cookies['check:open']}"
    words = {"company": "新公司", "person": "", "contact": "13800001234", "note": ""}
    version = _version_on(at, f"/check/{slug}/ask", cookie)
    return Sent(form={**words, "agree": "yes", "version": version})


def _figures(_at: Place) -> Sent:
    return Sent(form={"week": NOW.date().isoformat(), "v.add-rate": "12.5", "n.add-rate": "三店"})


def _sheet(_at: Place) -> Sent:
    columns = tuple(Column(name) for name in ("指标代码", "本周实际"))
    book = workbook_of([Sheet("figures", columns, [("K03", "12.5")])], NOW)
    week = NOW.date().isoformat()
    return Sent(form={"week": week, "sheet": (io.BytesIO(book), "week.xlsx")})


def _settled(at: Place) -> Sent:
    named = {"week": NOW.date().isoformat(), "store": "", "role": ""}
    return Sent(form={"task": [at.work.ids["task"]], "state": "done", "reason": "", **named})


CLIENT: Final = {"name": "新客户", "industry": "服装", "contact": "", "note": ""}
ENGAGEMENT: Final = {"title": "新项目", "form": "full", "locale": "zh-Hans", "interviewed_on": ""}
PERSON: Final = {"name": "新名字", "locale": "zh-Hans", "zone": "Asia/Shanghai"}
GUEST: Final = {"role": "store", "label": "新门店", "days": "30"}

SENT: Final[Mapping[str, Callable[[Place], Sent]]] = {
    "admin.change_role": _form(role="consultant"),
    "admin.invite_member": _form(email="newest@example.com", name="新同事", role="viewer"),
    "admin.require_second_factor": _form(required=""),
    "auth.begin_set_up": _form(**{"begin-password": PASSWORD}),
    "auth.forgot": lambda at: Sent(form={"email": at.house.tenant.people["viewer"].email}),
    "auth.join": _form(**PERSON, password=PASSWORD),
    "auth.password": _form(current=PASSWORD, password="eight lamps on the long wall"),
    "auth.profile": _form(**PERSON),
    "auth.renew_codes": _form(**{"codes-password": PASSWORD}),
    "auth.sign_in": lambda at: Sent(
        form={"email": at.house.tenant.people["viewer"].email, "password": PASSWORD}
    ),
    "auth.turn_off": _form(**{"off-password": PASSWORD}),
    "coaching.add": _form(names="新门店", first="2026-12-01"),
    "coaching.end": _form(last="2026-12-31"),
    "coaching.enter": _figures,
    "coaching.new_round": _form(title="复诊", interviewed_on=""),
    "coaching.review": _form(action="hold", seen="1", note="当场核对"),
    "coaching.settle": _settled,
    "coaching.take_sheet": _sheet,
    "diagnosis.edit": _form(finding="换句话说", recommend="先做这一件", reason="更准", seen="0"),
    "diagnosis.reject": _form(reason="客户已经做了", seen="0"),
    "diagnosis.accept": _form(reason="", seen="0"),
    "diagnosis.accept_all": lambda at: Sent(form={"rule": [at.work.ids["rule"]]}),
    "admin.change_branding": _form(name="新名字", consultant="", contact="", accent=""),
    "admin.change_check": _form(slug="another-one", opened="yes"),
    "admin.change_consultancy": _form(consultancy="新机构", locale="zh-Hans", zone="Asia/Shanghai"),
    "admin.upload_logo": lambda _at: Sent(form={"logo": (io.BytesIO(_picture()), "l.png")}),
    "check.ask": _asking,
    "check.door": _beginning,
    "check.save": _form(to="next", **{"q-strategy-shared_value": "2"}),
    "interview.begin": _form(role="store", label="新访谈"),
    "interview.label": _form(label="新标签"),
    "interview.photos": lambda _at: Sent(form={"photo": (io.BytesIO(_picture()), "p.png")}),
    "interview.presence": lambda at: Sent(json={"item": at.work.ids["item"]}),
    "interview.rule": _adjudicated,
    "interview.save_answer": _answered,
    "leads.accept": _form(name="新客户", title="新项目"),
    "leads.decline": _form(reason="不在范围内"),
    "interview.withdrawal": _form(reason="说错了", base="1", form_key="matrix-withdrawal"),
    "portal.comment": _form(said="我们已经在做了"),
    "portal.enter_kpis": lambda at: Sent(form={at.work.ids["figure"]: "12"}),
    "portal.settle": _settled,
    "portal.upload_kpis": _sheet,
    "portal.sign_in": lambda at: Sent(form={"email": at.work.ids["contact:email"]}),
    "sharing.answer": _form(said="好，下一版改"),
    "sharing.invite": _form(
        name="新老板", email="newboss@example.com", role="boss", store="", locale="zh-Hans"
    ),
    "plan.save": _form(note="先试一版", target_level="3", base="1"),
    "plan.take": _form(note="", base="1"),
    "pulse.poster": _form(action="replace"),
    "pulse.sheet": lambda _at: Sent(form={"key": "0" * 24, "knows-purpose": "4"}),
    "portfolio.consent": _form(agreed="yes", note="总经理当面同意"),
    "respond.agree": _notice,
    "respond.photos": lambda _at: Sent(form={"photo": (io.BytesIO(_picture()), "p.png")}),
    "respond.save_answer": lambda at: Sent(
        json={"item": at.work.ids["question:guest"], "value": "3", "base": 1, "key": "matrix-guest"}
    ),
    "respond.save": _screen,
    "respond.submit": _form(quotable="yes"),
    "reports.issue": _form(locale="en", note=""),
    "site.switch_locale": _form(locale="en", here="/profile"),
    "workspace.allow_own_result": _form(shown="yes"),
    "workspace.chosen_invitations": lambda at: Sent(
        form={"action": "revoke", "confirmed": "yes", "chosen": [at.work.ids["invitation"]]}
    ),
    "workspace.edit_client": _form(**CLIENT),
    "workspace.edit_engagement": _form(**ENGAGEMENT),
    "workspace.import_list": _guest_list,
    "workspace.invitation": lambda at: Sent(
        form={
            "label": "改名",
            "contact_name": "",
            "email": "",
            "phone": "",
            "expires_on": "2026-12-20",
        }
    ),
    "workspace.join": lambda at: Sent(form={"member": at.house.person("watcher")}),
    "workspace.new_client": _form(**CLIENT),
    "workspace.new_engagement": _form(**ENGAGEMENT),
    "workspace.new_invitation": _form(**GUEST, contact_name="", email="", phone=""),
    "workspace.new_links": _form(**GUEST, count="2"),
    "workspace.reopen": _form(reason="客户要补一项"),
    "workspace.put_client_away": _form(archived="yes"),
    "workspace.put_engagement_away": _form(archived="yes"),
}
"""Endpoint → what a form or script of its page sends; without an entry, an empty form."""

ASKED: Final[Mapping[str, Callable[[Place], Mapping[str, Any]]]] = {
    "reports.style": lambda _at: {"locale": "zh-Hans"},
}
"""Endpoint → what the query of the address needs, where a page does not open without."""

# -- ids that come in beside the path --------------------------------------------------------------

REFERENCES: Final[Mapping[str, Mapping[str, Owned]]] = {
    "workspace.chosen_invitations": {"chosen": Owned(_of("invitation"))},
    "workspace.join": {"member": Owned(_member("watcher"), "house")},
    "workspace.invitation_sheet": {"?chosen": Owned(_of("invitation"))},
    "admin.record": {
        "?engagement": Owned(_of("engagement")),
        "?actor": Owned(_member("consultant"), "house"),
    },
    "admin.export": {"?engagement": Owned(_of("engagement"))},
}
"""Endpoint → field of the form (``?`` before it: of the query) → the id it may name."""

# -- answers that differ from the usual ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unusual:
    """Statuses a route answers somebody who is let in, and why they are right."""

    statuses: frozenset[int]
    why: str


def _unusual(why: str, *statuses: int) -> Unusual:
    return Unusual(frozenset(statuses), why)


NO_CLAIM: Final = _unusual("without the claim a link leaves there is nothing to open", 404)

SUBMITTED: Final = "respondent who has submitted"
ASKED_FOR: Final = "visitor who has asked"
HANDED_OVER: Final = _unusual("what was handed over leads to the result", 303)

UNUSUAL: Final[Mapping[tuple[str, ...], Unusual]] = {
    ("auth.door", "GET"): _unusual("leads everybody to where they belong", 303),
    ("portal.door", "GET"): _unusual("leads a contact to the newest engagement", 303),
    ("portal.settle", "POST", "store manager"): _unusual(
        "what is due this week is head office's, and as good as not there", 404
    ),
    ("portal.enter_kpis", "POST", "store manager"): _unusual(
        "the figures of the enterprise are not on the page of a store", 422
    ),
    ("auth.start", "GET"): NO_CLAIM,
    ("auth.start", "POST"): NO_CLAIM,
    ("auth.join", "GET"): NO_CLAIM,
    ("auth.join", "POST"): NO_CLAIM,
    ("auth.reset", "GET"): NO_CLAIM,
    ("auth.reset", "POST"): NO_CLAIM,
    ("auth.sign_in", "GET"): _unusual("who is in goes home", 200, 303),
    ("auth.second_factor", "GET"): _unusual("who has none or has shown it goes on", 200, 303),
    ("auth.second_factor", "POST"): _unusual(
        "who has none goes on; a wrong code is told", 303, 422
    ),
    ("auth.set_up", "GET"): _unusual("who has a factor must have shown it", 200, 303),
    ("auth.begin_set_up", "POST"): _unusual("who has a factor must have shown it", 303),
    ("auth.confirm_set_up", "POST"): _unusual("a wrong code is told", 303, 422),
    ("auth.renew_codes", "POST"): _unusual("nobody here has a factor shown", 409, 422),
    ("auth.turn_off", "POST"): _unusual("nobody here has a factor shown", 303, 409, 422),
    ("respond.screen", "GET", SUBMITTED): _unusual("what is sent is not shown any more", 303),
    ("respond.review", "GET", SUBMITTED): _unusual("what is sent is not shown any more", 303),
    ("respond.save", "POST", SUBMITTED): _unusual("what is sent takes no more answers", 409),
    ("respond.save_answer", "POST", SUBMITTED): _unusual("what is sent takes no more", 409),
    ("respond.photos", "GET", SUBMITTED): _unusual("what is sent is not shown any more", 303),
    ("respond.photos", "POST", SUBMITTED): _unusual("what is sent takes no more photos", 409),
    ("respond.photo", "GET", SUBMITTED): _unusual("the photo is another respondent's", 404),
    ("respond.remove_photo", "POST", SUBMITTED): _unusual("it is another respondent's", 404),
    ("site.health", "GET"): _unusual("no worker runs here", 503),
    ("check.screen", "GET", ASKED_FOR): HANDED_OVER,
    ("check.review", "GET", ASKED_FOR): HANDED_OVER,
    ("check.ask", "GET", ASKED_FOR): HANDED_OVER,
    ("check.save", "POST", ASKED_FOR): _unusual("what was handed over takes no answers", 409),
    ("check.report_file", "GET", ASKED_FOR): _unusual("nobody asked for the report yet", 404),
}
"""(Endpoint, method), or with a person's name after them, → the statuses instead of 200, or of 200,
204 and 303 after a change."""

NAMED: Final[Mapping[str, str]] = {
    "pulse.sheet": "a customer in the shop is told who asks and for whom",
}
"""Endpoint with a secret in its address → why its page names the engagement's people."""

RECORDED: Final[Mapping[str, str]] = {
    "portal.file": "that a contact took a report away is on record",
    "reports.file": "that somebody took a report away is on record",
    "workspace.progress_list": "that somebody took a list with names away is on record",
}
"""Endpoint → why looking there leaves a line in the record; looking writes nothing else."""
