"""A client's contacts, the way into the portal, and what is said of a finding."""

from typing import ClassVar, Final

from app.domain.bounds import LABEL_LIMIT, NAME_LIMIT
from app.forms.inputs import EmailField, Given, LineField, PickField, WordsField
from app.forms.places import LanguageForm
from app.forms.translated import TranslatedForm

CONTACT_ROLES: Final = (("boss", "老板"), ("manager", "负责人"), ("store", "店长"))
COMMENT_LIMIT: Final = 1_000


class PortalDoorForm(TranslatedForm):
    """The address a link to the portal is sent to."""

    email = EmailField(
        "邮箱",
        [Given("请填写邮箱。")],
        render_kw={"autocomplete": "email", "autofocus": True},
    )


class ContactForm(LanguageForm):
    """Somebody of a client who is let into the portal."""

    ORDER: ClassVar[tuple[str, ...]] = ("name", "email", "role", "store", "locale")
    name = LineField("姓名", NAME_LIMIT, [Given("请填写姓名。")])
    email = EmailField("邮箱", [Given("请填写邮箱。")])
    role = PickField(
        "角色",
        CONTACT_ROLES,
        [Given("请选择角色。")],
        radio=True,
        description="老板和负责人看得到报告、发现和计划；店长只看到自己门店的任务。",
    )
    store = LineField(
        "所在门店", LABEL_LIMIT, description="只有店长要填，照任务表里的写法，如「人民路店」。"
    )
    locale = PickField("邮件和页面的语言", validators=[Given("请选择语言。")], radio=True)


class CommentForm(TranslatedForm):
    """A word on a finding."""

    said = WordsField("留言", COMMENT_LIMIT, [Given("请写下要说的话。")])
