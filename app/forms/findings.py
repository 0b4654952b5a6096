"""What a consultant says of a finding: confirmed, in other words, or not let stand."""

from app.domain.bounds import FINDING_LIMIT, REASON_LIMIT, RECOMMEND_LIMIT
from app.forms.inputs import Given, LineField, WordsField
from app.forms.translated import TranslatedForm


class AcceptFindingForm(TranslatedForm):
    """A finding confirmed as it is; a reason may be given."""

    reason = WordsField("为什么确认", REASON_LIMIT)


class EditFindingForm(TranslatedForm):
    """A finding and its recommendation in the consultant's own words, and why."""

    finding = LineField(
        "发现",
        FINDING_LIMIT,
        description="报告里的标题，一句话说清；改回原文就等于不改。",
    )
    recommend = WordsField("建议", RECOMMEND_LIMIT)
    reason = WordsField("为什么改写", REASON_LIMIT, [Given("请写明为什么改写，报告附录会印出来。")])


class RejectFindingForm(TranslatedForm):
    """Why a finding is not let stand."""

    reason = WordsField(
        "为什么否决",
        REASON_LIMIT,
        [Given("请写明为什么否决，报告附录会印出来。")],
        description="写您核对过什么、看到什么；客户会在附录里读到。",
    )
