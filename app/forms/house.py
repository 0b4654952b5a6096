"""The consultancy itself: its name, and what new members begin with."""

from typing import ClassVar

from app.domain.bounds import NAME_LIMIT
from app.forms.inputs import Given, LineField
from app.forms.places import LanguageForm, ZoneField


class HouseForm(LanguageForm):
    """The consultancy's name, its language and its time zone."""

    ORDER: ClassVar[tuple[str, ...]] = ("consultancy", "locale", "zone")
    consultancy = LineField(
        "咨询机构名称",
        NAME_LIMIT,
        [Given("请填写咨询机构的名称。")],
        render_kw={"autocomplete": "organization"},
    )
    zone = ZoneField("时区", validators=[Given("请选择时区。")])
