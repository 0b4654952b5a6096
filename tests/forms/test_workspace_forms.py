"""Clients, engagements, invitations and branding: what is taken and what is said."""

from datetime import date
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from app.content.translation import load_translated
from app.domain.model import MaturityModel
from app.forms.branding import BrandingForm, contrast_to_white
from app.forms.clients import EngagementForm, TeamForm, client_form
from app.forms.invitations import InvitationForm, LinksForm
from app.forms.messages import Translate
from app.forms.translated import TranslatedForm
from app.reporting.charts.colour import contrast_ratio
from tests.forms.english import HAN, english
from tests.forms.posting import posted

QUESTIONNAIRES = Path(__file__).resolve().parents[2] / "questionnaires"
HOSTILE = ("", "\x00", "\ud800", "a" * 5000, "1e999", "-1", "{x}", "#fff", "2026-13-45")


def test_a_client_needs_a_name_and_nothing_else(private_domain: MaturityModel) -> None:
    form = client_form(private_domain)(posted(("name", " 示例母婴 ")))
    assert form.validate(), form.errors
    values = {name: value for name, value in form.data.items() if value}
    assert values == {"name": "示例母婴"}
    empty = client_form(private_domain)(posted())
    assert not empty.validate()
    assert empty.errors == {"name": ["请填写客户名称。"]}


def test_a_client_is_described_in_the_words_of_the_model(private_domain: MaturityModel) -> None:
    form = client_form(private_domain)(
        posted(
            ("name", "示例母婴"),
            ("archetype", "store-frequent"),
            ("business_model", "b2c"),
            ("city_tier", "new-tier-1"),
            ("stores", "３００家"),
            ("contact", "李经理，138 0000 1234"),
            ("note", "第一行\r\n第二行"),
        )
    )
    assert form.validate(), form.errors
    assert form.data["stores"] == 300
    assert form.data["note"] == "第一行\n第二行"
    labels = {option.data: option.label.text for option in form["archetype"]}  # type: ignore[attr-defined] # choices are iterated
    assert labels[""] == "还不清楚"
    assert labels["store-frequent"] == "门店高频（母婴、水果生鲜、餐饮、药房等）"
    overlays = {one.id for one in private_domain.content.archetypes if one.overlay is not None}
    assert not overlays & set(labels)


@pytest.mark.parametrize(
    ("typed", "stores"),
    [("300", 300), ("0", 0), ("1,200", 1200), ("１２", 12), ("1万", 10_000), ("", None)],
)
def test_stores_are_counted_as_people_write_them(
    typed: str, stores: int | None, private_domain: MaturityModel
) -> None:
    form = client_form(private_domain)(posted(("name", "x"), ("stores", typed)))
    assert form.validate(), form.errors
    assert form.data["stores"] == stores


def test_stores_have_the_range_of_the_fact(private_domain: MaturityModel) -> None:
    for typed in ("100001", "-1", "2.5", "很多"):
        form = client_form(private_domain)(posted(("name", "x"), ("stores", typed)))
        assert not form.validate()
        (told,) = form["stores"].errors
        assert told.startswith(f"这里要填0到100,000之间的整数（单位：家），写的是「{typed}」。")
        assert form["stores"]._value() == typed  # type: ignore[attr-defined] # fields of a box have it


def test_what_a_model_does_not_know_is_not_asked_of_its_clients(
    kitchen_hygiene: MaturityModel,
) -> None:
    names = {field.name for field in client_form(kitchen_hygiene)()}
    assert names == {"name", "industry", "contact", "note", "archetype"}


def test_an_engagement_names_questionnaire_day_and_language(
    private_domain: MaturityModel,
) -> None:
    form = EngagementForm(
        posted(
            ("title", "2026年四季度诊断"),
            ("form", "full"),
            ("interviewed_on", "2026-11-21"),
            ("locale", "en"),
        ),
        model=private_domain,
    )
    assert form.validate(), form.errors
    assert form.data["interviewed_on"] == date(2026, 11, 21)
    assert [option.data for option in form.form] == ["full", "self-check"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("２０２６－１２－０１", date(2026, 12, 1)),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(
    typed: str, day: date | None, private_domain: MaturityModel
) -> None:
    form = EngagementForm(posted(("interviewed_on", typed)), model=private_domain)
    form.validate()
    assert form.interviewed_on.errors == []
    assert form.interviewed_on.data == day


@pytest.mark.parametrize("typed", ["2026-02-30", "1999-12-31", "2101-01-01", "明天", "0000-00-00"])
def test_a_day_that_is_not_in_the_calendar_is_refused(
    typed: str, private_domain: MaturityModel
) -> None:
    form = EngagementForm(posted(("interviewed_on", typed)), model=private_domain)
    form.validate()
    assert form.interviewed_on.errors == ["应是2000至2100年间的日期，写成2026-12-01这样。"]
    assert form.interviewed_on._value() == typed


def test_only_those_offered_can_join_a_team() -> None:
    members = [("m1", "王敏"), ("m2", "李强")]
    assert TeamForm(posted(("member", "m2")), members=members).validate()
    assert not TeamForm(posted(("member", "m3")), members=members).validate()
    assert not TeamForm(posted(("member", "")), members=members).validate()


def test_an_invitation_is_for_thirty_days_and_needs_no_contact(
    private_domain: MaturityModel,
) -> None:
    form = InvitationForm(model=private_domain)
    assert form.days.data == 30
    roles = [option.data for option in form.role]
    assert "store" in roles
    assert not {"automation", "consultant"} & set(roles)
    taken = InvitationForm(posted(("role", "store"), ("days", "30")), model=private_domain)
    assert taken.validate(), taken.errors


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("role", "automation", "选项里没有这一项，请刷新页面后重新选择。"),
        ("label", "店" * 61, "最多写60个字，现在有61个，请缩短。"),
        ("label", "a\nb", "里面有看不见的控制字符（U+000A），请删去后再保存。"),
        ("email", "a@b", "邮箱地址不完整或有错字，应写成name@company.com这样。"),
        ("phone", "abc", "电话只写数字，可以带空格、连字符和开头的+，如13800001234。"),
        ("phone", "12", "电话只写数字，可以带空格、连字符和开头的+，如13800001234。"),
        ("days", "0", "这里要填1到180之间的整数，写的是「0」。"),
        ("days", "", "请填写有效天数。"),
    ],
)
def test_an_invitation_says_what_is_wrong_with_it(
    field: str, typed: str, told: str, private_domain: MaturityModel
) -> None:
    values = {"role": "store", "days": "30", field: typed}
    form = InvitationForm(posted(*values.items()), model=private_domain)
    assert not form.validate()
    assert form.errors == {field: [told]}


@pytest.mark.parametrize(
    "typed", ["13800001234", "+86 138-0000-1234", "(010) 6500 0000", "０１０－６５０００"]
)
def test_a_telephone_number_is_taken_as_written(typed: str, private_domain: MaturityModel) -> None:
    form = InvitationForm(
        posted(("role", "ceo"), ("days", "7"), ("phone", typed)), model=private_domain
    )
    assert form.validate(), form.errors


def test_links_for_a_role_are_made_up_to_two_hundred(private_domain: MaturityModel) -> None:
    for count, good in (("1", True), ("200", True), ("201", False), ("0", False), ("", False)):
        form = LinksForm(
            posted(("role", "store"), ("days", "30"), ("count", count)), model=private_domain
        )
        assert form.validate() is good


def test_a_brand_may_stay_empty_and_its_colour_is_written_one_way() -> None:
    assert BrandingForm(posted(("name", ""), ("accent", ""))).validate()
    for typed in ("#1A6B5A", "1a6b5a", " ＃１ａ６ｂ５ａ "):
        form = BrandingForm(posted(("accent", typed)))
        assert form.validate(), form.errors
        assert form.accent.data == "#1a6b5a"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("#ffcc00", "这个颜色印在白底上看不清：对比度1.5:1，至少要4.5:1。请选深一些的颜色。"),
        ("#777777", "这个颜色印在白底上看不清：对比度4.4:1，至少要4.5:1。请选深一些的颜色。"),
        ("green", "颜色写成#加六位十六进制数字，如#1a6b5a。"),
        ("#fff", "颜色写成#加六位十六进制数字，如#1a6b5a。"),
        ("#1a6b5a;}", "颜色写成#加六位十六进制数字，如#1a6b5a。"),
    ],
)
def test_a_colour_nobody_could_read_on_paper_is_refused(typed: str, told: str) -> None:
    form = BrandingForm(posted(("accent", typed)))
    assert not form.validate()
    assert form.accent.errors == [told]


@pytest.mark.parametrize(
    "colour", ["#000000", "#ffffff", "#1a6b5a", "#767676", "#777777", "#0a0b0c"]
)
def test_screen_and_report_reckon_contrast_alike(colour: str) -> None:
    assert contrast_to_white(colour) == pytest.approx(contrast_ratio(colour, "#ffffff"))


def every_form(
    model: MaturityModel, data: MultiDict[str, str] | None, say: Translate
) -> list[TranslatedForm]:
    return [
        client_form(model)(data, translate=say),
        BrandingForm(data, translate=say),
        EngagementForm(data, model=model, translate=say),
        InvitationForm(data, model=model, translate=say),
        LinksForm(data, model=model, translate=say),
        TeamForm(data, members=[("m1", "Wang")], translate=say),
    ]


@pytest.fixture(scope="module")
def in_english() -> MaturityModel:
    return load_translated(QUESTIONNAIRES / "private-domain", "en")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(("say", "speaks_chinese"), [(str, True), (english, False)])
def test_every_field_refuses_hostile_input_in_the_readers_language(
    hostile: str,
    say: Translate,
    speaks_chinese: bool,
    private_domain: MaturityModel,
    in_english: MaturityModel,
) -> None:
    model = private_domain if speaks_chinese else in_english
    names = {field.name for form in every_form(model, None, say) for field in form}
    data = posted(*((name, hostile) for name in names))
    for form in every_form(model, data, say):
        form.validate()
        said = [error for field in form for error in field.errors]
        said += [text for field in form for text in (field.label.text, field.description)]
        assert all(bool(HAN.search(text)) is speaks_chinese for text in said if text), said
