"""Inviting respondents: one by one with their contact, or a number of links for one role."""

from typing import Any, ClassVar, Final

from app.domain.bounds import LABEL_LIMIT, NAME_LIMIT, REASON_LIMIT
from app.domain.model import MaturityModel
from app.forms.inputs import (
    CountField,
    DayField,
    EmailField,
    Given,
    LineField,
    PhoneField,
    PickField,
    WordsField,
)
from app.forms.messages import Translate
from app.forms.translated import FormData, TranslatedForm

DAYS: Final = 30
MOST_DAYS: Final = 180
MOST_LINKS: Final = 200


class RespondentForm(TranslatedForm):
    """Who is asked, and how long the link is good for."""

    role = PickField("角色", validators=[Given("请选择角色。")])
    label = LineField(
        "门店或区分标签",
        LABEL_LIMIT,
        description="同一角色有几位时用来区分，如「人民路店」；不要写姓名，它可能印在报告里。",
    )
    days = CountField("有效天数", 1, MOST_DAYS, [Given("请填写有效天数。")], default=DAYS)

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        model: MaturityModel,
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, translate=translate, **kwargs)
        people = [one for one in model.content.roles if one.side not in ("system", "consultant")]
        self.role.offer((one.id, one.title) for one in people)


class InvitationForm(RespondentForm):
    """One respondent; who they are is for the consultant alone."""

    ORDER: ClassVar[tuple[str, ...]] = (
        *("role", "label", "contact_name"),
        *("email", "phone", "days"),
    )
    contact_name = LineField("姓名", NAME_LIMIT, description="只用于发送和提醒，不印进报告。")
    email = EmailField("邮箱", description="填了就能由系统发送邀请和提醒；不填，请自己转发链接。")
    phone = PhoneField("电话")


class LinksForm(RespondentForm):
    """Several links for one role, told apart by their labels: the given one and a number."""

    ORDER: ClassVar[tuple[str, ...]] = ("role", "label", "count", "days")
    count = CountField("链接数", 1, MOST_LINKS, [Given("请填写要几条链接。")], default=1)


class InvitationChangeForm(TranslatedForm):
    """What of an invitation can be changed afterwards; its role and its link stay."""

    label = LineField(
        "门店或区分标签",
        LABEL_LIMIT,
        description="同一角色有几位时用来区分，如「人民路店」；不要写姓名，它可能印在报告里。",
    )
    contact_name = LineField("姓名", NAME_LIMIT, description="只用于发送和提醒，不印进报告。")
    email = EmailField("邮箱", description="填了就能由系统发送邀请和提醒；不填，请自己转发链接。")
    phone = PhoneField("电话")
    expires_on = DayField("链接有效到", [Given("请填写截止日期。")], description="含这一天。")


class ReopenForm(TranslatedForm):
    """Why answers that were sent are given back."""

    reason = WordsField(
        "退回的原因",
        REASON_LIMIT,
        [Given("请写明为什么退回。")],
        description="对方打开链接时会看到这句话，也会写进记录。",
    )
