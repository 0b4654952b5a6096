"""Signing in, joining a consultancy, and one's own account."""

import re
import unicodedata
from typing import Any, ClassVar, Final

from app.domain.bounds import NAME_LIMIT
from app.forms.inputs import EmailField, Given, LineField, NewSecretField, PickField, SecretField
from app.forms.messages import refused
from app.forms.places import LanguageForm, ZoneField
from app.forms.translated import TranslatedForm

_CODE_LIMIT: Final = 60

ROLES: Final = (("owner", "所有者"), ("consultant", "顾问"), ("viewer", "只读成员"))


class CodeField(LineField):
    """A second factor: six digits of an authenticator, or a recovery code.

    Blanks and hyphens are dropped and letters made small, as people copy from paper.
    """

    _DIGITS: Final = re.compile(r"[0-9]{6}", re.ASCII)
    _RECOVERY: Final = re.compile(r"[0-9a-z]{8,40}", re.ASCII)

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, _CODE_LIMIT, **kwargs)

    def parse(self, typed: str) -> Any:
        """Return the code."""
        line = read_code(typed)
        if line and not (self._DIGITS.fullmatch(line) or self._RECOVERY.fullmatch(line)):
            raise refused("验证码是6位数字。手机不在身边时，请输入一个完整的恢复码。")
        return line

    @property
    def is_recovery(self) -> bool:
        """Whether what was typed is a recovery code."""
        return bool(self._RECOVERY.fullmatch(self.data or ""))


class FirstCodeField(CodeField):
    """The six digits a new authenticator shows; recovery codes come only after them."""

    def parse(self, typed: str) -> Any:
        """Return the code."""
        line = read_code(typed)
        if line and not self._DIGITS.fullmatch(line):
            raise refused("验证码是6位数字，请照验证器上显示的输入。")
        return line


def read_code(typed: str) -> str:
    """Return a code without blanks and hyphens, half-width and small."""
    plain = unicodedata.normalize("NFKC", typed[:_CODE_LIMIT]).casefold()
    return re.sub(r"[\s-]", "", plain)


class SignInForm(TranslatedForm):
    """E-mail address and password."""

    email = EmailField(
        "邮箱", [Given("请填写邮箱。")], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = SecretField(
        "密码", [Given("请填写密码。")], render_kw={"autocomplete": "current-password"}
    )


class SecondFactorForm(TranslatedForm):
    """The second step of signing in."""

    code = CodeField(
        "验证码",
        validators=[Given("请填写验证码。")],
        description="打开手机上的验证器应用，输入当前的6位数字；也可以输入一个恢复码。",
        render_kw={"autocomplete": "one-time-code", "autofocus": True},
    )


class FirstCodeForm(TranslatedForm):
    """The confirmation of a new authenticator."""

    code = FirstCodeField(
        "验证码",
        validators=[Given("请填写验证码。")],
        description="数字每30秒换一次，手机时间要准。",
        render_kw={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "numeric"},
    )


class JoiningForm(LanguageForm):
    """Whoever accepts an invitation; the address is that of the invitation."""

    ORDER: ClassVar[tuple[str, ...]] = ("name", "password", "locale", "zone")
    name = LineField(
        "姓名", NAME_LIMIT, [Given("请填写姓名。")], render_kw={"autocomplete": "name"}
    )
    password = NewSecretField(
        "密码",
        [Given("请设定密码。")],
        description="至少12个字符，一句好记的话就可以。",
        render_kw={"autocomplete": "new-password"},
    )
    zone = ZoneField("时区", validators=[Given("请选择时区。")])


class FirstOwnerForm(JoiningForm):
    """The first owner of a new installation, with the name of the consultancy."""

    ORDER: ClassVar[tuple[str, ...]] = ("consultancy", "name", "email", *JoiningForm.ORDER[1:])
    consultancy = LineField(
        "咨询机构名称",
        NAME_LIMIT,
        [Given("请填写咨询机构的名称。")],
        render_kw={"autocomplete": "organization"},
    )
    email = EmailField("邮箱", [Given("请填写邮箱。")], render_kw={"autocomplete": "username"})


class RoleForm(TranslatedForm):
    """What a member may do."""

    role = PickField(
        "权限",
        ROLES,
        [Given("请选择权限。")],
        radio=True,
        default="consultant",
        description="所有者管理成员、品牌和全部项目；顾问做自己参与的项目；只读成员只看不改。",
    )


class MemberForm(RoleForm):
    """A member to be invited."""

    ORDER: ClassVar[tuple[str, ...]] = ("email", "name", "role")
    email = EmailField("邮箱", [Given("请填写邮箱。")], render_kw={"autocomplete": "off"})
    name = LineField("姓名", NAME_LIMIT, [Given("请填写姓名。")], render_kw={"autocomplete": "off"})


class ForgottenPasswordForm(TranslatedForm):
    """The address a link for a new password goes to."""

    email = EmailField(
        "邮箱", [Given("请填写邮箱。")], render_kw={"autocomplete": "username", "autofocus": True}
    )


class NewPasswordForm(TranslatedForm):
    """A new password, by the link from the mail."""

    password = NewSecretField(
        "新密码",
        [Given("请设定密码。")],
        description="至少12个字符，一句好记的话就可以。",
        render_kw={"autocomplete": "new-password"},
    )


class ChangedPasswordForm(NewPasswordForm):
    """A new password, chosen by somebody who knows the old one."""

    ORDER: ClassVar[tuple[str, ...]] = ("current", "password")
    current = SecretField(
        "现在的密码",
        [Given("请填写现在的密码。")],
        render_kw={"autocomplete": "current-password"},
    )


class ConfirmedForm(TranslatedForm):
    """The password once more, before something that decides who gets in."""

    password = SecretField(
        "密码", [Given("请填写密码。")], render_kw={"autocomplete": "current-password"}
    )


class ProfileForm(LanguageForm):
    """How a member is called, reads and reckons time."""

    ORDER: ClassVar[tuple[str, ...]] = ("name", "locale", "zone")
    name = LineField(
        "姓名", NAME_LIMIT, [Given("请填写姓名。")], render_kw={"autocomplete": "name"}
    )
    zone = ZoneField("时区", validators=[Given("请选择时区。")])
