"""The stores that take part in coaching, and the round that follows."""

from app.domain.bounds import NAME_LIMIT
from app.forms.inputs import DayField, Given, LineField, WordsField
from app.forms.translated import TranslatedForm


class StoresForm(TranslatedForm):
    """Stores that take part from a day on, one on a line."""

    names = WordsField(
        "门店名称",
        5_000,
        [Given("请写门店名称，一行一家。")],
        description="一行一家，写客户内部叫得出的名称。",
    )
    first = DayField("从哪天参加", [Given("请填写参加的第一天。")])


class LastDayForm(TranslatedForm):
    """The last day a store takes part; empty: it goes on."""

    last = DayField("参加到哪天", description="空着表示继续参加。")


class RoundForm(TranslatedForm):
    """The title of the next round, and the day of its interviews."""

    title = LineField("项目名称", NAME_LIMIT, [Given("请填写项目名称。")])
    interviewed_on = DayField("复诊访谈日", description="还没定就空着，之后在项目资料里填。")
