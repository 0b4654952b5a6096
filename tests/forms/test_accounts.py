"""Signing in, joining and one's own account: what is taken and what is said."""

import pytest

from app.forms.accounts import (
    ChangedPasswordForm,
    ConfirmedForm,
    FirstCodeForm,
    FirstOwnerForm,
    ForgottenPasswordForm,
    JoiningForm,
    MemberForm,
    NewPasswordForm,
    ProfileForm,
    SecondFactorForm,
    SignInForm,
)
from app.forms.translated import TranslatedForm
from tests.forms.english import HAN, english
from tests.forms.posting import posted

FORMS: tuple[type[TranslatedForm], ...] = (
    SignInForm,
    SecondFactorForm,
    FirstCodeForm,
    JoiningForm,
    FirstOwnerForm,
    MemberForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    ChangedPasswordForm,
    ConfirmedForm,
    ProfileForm,
)
LONG = "correct horse battery staple"
OWNER = {
    "consultancy": " 明诊咨询 ",
    "name": "王敏",
    "email": "Wang@Example.COM",
    "password": LONG,
    "zone": "Asia/Shanghai",
    "locale": "zh-Hans",
}


def sent(values: dict[str, str]) -> FirstOwnerForm:
    return FirstOwnerForm(posted(*values.items()))


def test_the_first_owner_is_taken_with_address_and_names_tidied() -> None:
    form = sent(OWNER)
    assert form.validate(), form.errors
    assert form.data == {
        **OWNER,
        "consultancy": "明诊咨询",
        "email": "Wang@example.com",
    }


@pytest.mark.parametrize("form_class", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("hostile", ["", "   ", "\x00", "\ud800", "a" * 5000, "<b>", "{x}", "%s"])
def test_every_field_refuses_hostile_input_in_the_readers_language(
    form_class: type[TranslatedForm], hostile: str
) -> None:
    for translate, speaks_chinese in ((str, True), (english, False)):
        names = [field.name for field in form_class()]
        form = form_class(posted(*((name, hostile) for name in names)), translate=translate)
        form.validate()
        errors = [error for field in form for error in field.errors]
        assert all(len(field.errors) <= 1 for field in form)
        assert all(bool(HAN.search(error)) is speaks_chinese for error in errors)
        labels = [field.label.text for field in form]
        assert all(bool(HAN.search(label)) is speaks_chinese for label in labels)


@pytest.mark.parametrize("form_class", FORMS, ids=lambda form: form.__name__)
def test_an_empty_post_asks_for_everything_once(form_class: type[TranslatedForm]) -> None:
    form = form_class(posted())
    assert not form.validate()
    for field in form:
        assert field.flags.required
        (error,) = field.errors
        assert error.startswith(("请填写", "请选择", "请设定"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@b.com", "a@b.com"),
        ("  a.b+c@b.CO.uk ", "a.b+c@b.co.uk"),
        ("ａ＠ｂ．com", "a@b.com"),
        ("王@例子.中国", "王@例子.中国"),
    ],
)
def test_an_address_is_taken_as_chinese_keyboards_type_it(typed: str, meant: str) -> None:
    form = ForgottenPasswordForm(posted(("email", typed)))
    assert form.validate()
    assert form.email.data == meant


@pytest.mark.parametrize(
    "typed",
    ["a", "a@", "@b.com", "a@b", "a b@c.com", "a@b..com", "a@b.com\nBcc: x@y.com", "a,b@c.com"],
)
def test_an_address_that_is_none_is_refused_and_kept_in_the_box(typed: str) -> None:
    form = ForgottenPasswordForm(posted(("email", typed)))
    assert not form.validate()
    assert form.email.data == typed
    assert len(form.email.errors) == 1


def test_a_password_needs_length_and_nothing_else() -> None:
    for good in ("a" * 12, "诊" * 12, "  12 34 56 78  ", "x" * 1000):
        form = NewPasswordForm(posted(("password", good)))
        assert form.validate(), good
        assert form.password.data == good
    for bad, told in (
        ("a" * 11, "密码至少12个字符，现在有11个。一句好记的话就可以，不要求大小写和符号。"),
        ("x" * 1001, "密码最多1,000个字符。"),
        ("a\x00" * 12, "密码里有看不见的控制字符，请重新输入。"),
    ):
        form = NewPasswordForm(posted(("password", bad)))
        assert not form.validate()
        assert form.password.errors == [told]


def test_an_old_password_is_taken_however_short() -> None:
    assert SignInForm(posted(("email", "a@b.com"), ("password", "old"))).validate()


def test_a_password_is_never_put_back_on_the_page() -> None:
    form = SignInForm(posted(("email", "a@b.com"), ("password", "s3cret-of-mine")))
    assert "s3cret" not in str(form.password())


@pytest.mark.parametrize(
    ("typed", "code", "is_recovery"),
    [
        ("123456", "123456", False),
        ("123 456", "123456", False),
        ("１２３４５６", "123456", False),
        ("ABCD-efgh-2345", "abcdefgh2345", True),
    ],
)
def test_a_code_is_read_as_people_copy_it(typed: str, code: str, is_recovery: bool) -> None:
    form = SecondFactorForm(posted(("code", typed)))
    assert form.validate()
    assert (form.code.data, form.code.is_recovery) == (code, is_recovery)


@pytest.mark.parametrize("typed", ["12345", "1234567", "abc", "12345x!", "—", "٣٣٣٣٣٣"])
def test_a_code_that_can_be_neither_is_told_so(typed: str) -> None:
    form = SecondFactorForm(posted(("code", typed)))
    assert not form.validate()
    assert form.code.errors == ["验证码是6位数字。手机不在身边时，请输入一个完整的恢复码。"]


def test_a_member_is_a_consultant_unless_said_otherwise() -> None:
    form = MemberForm(translate=english)
    assert [(x.data, x.label.text, x.checked) for x in form.role] == [
        ("owner", "Owner", False),
        ("consultant", "Consultant", True),
        ("viewer", "Viewer", False),
    ]
    posted_role = MemberForm(posted(("email", "a@b.com"), ("name", "李"), ("role", "system")))
    assert not posted_role.validate()
    assert posted_role.role.errors == ["选项里没有这一项，请刷新页面后重新选择。"]


def test_zones_and_languages_are_those_there_are() -> None:
    form = ProfileForm(languages=("zh-Hans", "en", "fr"))
    zones = [option.data for option in form.zone]
    assert {"Asia/Shanghai", "Europe/London", "America/Argentina/Buenos_Aires"} <= set(zones)
    assert not any(zone.startswith(("posix", "right", "Etc")) for zone in zones)
    assert "Asia/Harbin" not in zones, "that is Asia/Shanghai once more"
    assert [option.label.text for option in form.locale] == ["中文", "English", "français"]
    values = [("name", "王敏"), ("zone", "Asia/Shanghai"), ("locale", "fr")]
    assert ProfileForm(posted(*values), languages=("fr",)).validate()
    refused = ProfileForm(posted(*values[:1], ("zone", "../../etc/passwd"), ("locale", "fr")))
    assert not refused.validate()
    assert set(refused.errors) == {"zone", "locale"}


def test_zones_are_named_for_the_reader_and_stand_from_west_to_east() -> None:
    def told(reader: str, zone: str = "Asia/Shanghai") -> list[str]:
        form = ProfileForm(reader=reader, data={"zone": zone})
        return [option.label.text for option in form.zone]

    chinese, english = told("zh-Hans"), told("en")
    assert {"UTC+08:00 上海", "UTC+05:30 加尔各答", "UTC−05:00 纽约"} <= set(chinese)
    assert {"UTC+08:00 Shanghai", "UTC+05:30 Kolkata", "UTC−05:00 New York"} <= set(english)
    places = ["UTC−05:00 New York", "UTC+00:00 London", "UTC+08:00 Shanghai", "UTC+09:00 Tokyo"]
    assert sorted(places, key=english.index) == places
    assert chinese.index("UTC+08:00 上海") < chinese.index("UTC+08:00 台北"), "by pinyin"


def test_whoever_has_another_name_of_a_zone_keeps_it() -> None:
    kept = ProfileForm(reader="en", data={"zone": "Asia/Harbin"})
    (chosen,) = (option for option in kept.zone if option.checked)
    assert (chosen.data, chosen.label.text) == ("Asia/Harbin", "UTC+08:00 Shanghai")
    values = [("name", "王敏"), ("zone", "Asia/Harbin"), ("locale", "en")]
    form = ProfileForm(posted(*values))
    assert form.validate()
    assert form.zone.data == "Asia/Harbin"


def test_a_new_authenticator_is_confirmed_by_its_digits_alone() -> None:
    assert FirstCodeForm(posted(("code", "123 456"))).validate()
    form = FirstCodeForm(posted(("code", "abcd-efgh-jkmn")))
    assert not form.validate()
    assert "6位数字" in form.code.errors[0]
