"""The public self-check: its address, asking for a diagnosis, and what becomes of who asked."""

from typing import Final

from app.domain.bounds import NAME_LIMIT, REASON_LIMIT
from app.forms.inputs import Given, LineField, WordsField
from app.forms.translated import TranslatedForm

SLUG_LIMIT: Final = 40
PERSON_LIMIT: Final = 60
REACH_LIMIT: Final = 120
"""With the name of a person it still fits into what a client's contact may hold."""
NOTE_LIMIT: Final = 500


class SelfCheckForm(TranslatedForm):
    """Where a consultancy's self-check is found."""

    slug = LineField("网址最后一段", SLUG_LIMIT)


class AskForm(TranslatedForm):
    """Somebody who did a self-check asks for a diagnosis."""

    company = LineField("公司名称", NAME_LIMIT, [Given("请填写公司名称。")])
    person = LineField("怎么称呼您", PERSON_LIMIT, description="可不填。")
    contact = LineField(
        "联系方式",
        REACH_LIMIT,
        [Given("请留一个联系方式，否则联系不上您。")],
        description="电话、微信或邮箱，留一个常用的。",
    )
    note = WordsField(
        "想说的话", NOTE_LIMIT, description="可不填，如最想弄清楚什么、什么时候方便联系。"
    )


class AcceptForm(TranslatedForm):
    """A lead becomes a client with an engagement."""

    name = LineField("客户名称", NAME_LIMIT, [Given("请填写客户名称。")])
    title = LineField("项目名称", NAME_LIMIT, [Given("请填写项目名称。")])


class DeclineForm(TranslatedForm):
    """Why a lead is declined, for the consultancy alone."""

    reason = WordsField(
        "婉拒的原因", REASON_LIMIT, description="只有您的机构看得到，对方不会收到通知。可不填。"
    )
