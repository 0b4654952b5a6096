"""What is said when a report is issued."""

from app.domain.bounds import NOTE_LIMIT
from app.forms.inputs import Given, LineField, PickField
from app.forms.places import LanguageForm


class IssueForm(LanguageForm):
    """The language of a version, one of those its model has, and a word on it."""

    locale = PickField("报告语言", validators=[Given("请选择语言。")], radio=True)
    note = LineField(
        "这一版的说明",
        NOTE_LIMIT,
        description="只在版本表里看得到，不印在报告上；如「按6月访谈补了门店数据」。",
    )
