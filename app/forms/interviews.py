"""Beginning an interview, and telling people of one role apart."""

from collections.abc import Iterable
from typing import Any

from app.domain.bounds import LABEL_LIMIT
from app.forms.inputs import Given, LineField, PickField
from app.forms.messages import Translate
from app.forms.translated import FormData, TranslatedForm


class LabelForm(TranslatedForm):
    """What tells one respondent from the others of the role."""

    label = LineField(
        "门店或区分标签",
        LABEL_LIMIT,
        description="同一角色有几位时用来区分，如「人民路店」；不要写姓名，它可能印在报告里。",
    )


class InterviewForm(LabelForm):
    """Who is interviewed; the roles there are come with it, by id and title."""

    role = PickField("角色", validators=[Given("请选择角色。")])

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        roles: Iterable[tuple[str, str]],
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, translate=translate, **kwargs)
        self.role.offer(roles)
