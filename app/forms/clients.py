"""Clients, their engagements, and who works on them."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from app.domain.bounds import CONTACT_LIMIT, NAME_LIMIT
from app.domain.definitions.questionnaire import FactPart
from app.domain.model import MaturityModel
from app.forms.fields.choice import selectable_archetypes
from app.forms.inputs import CountField, DayField, Given, LineField, PickField, WordsField
from app.forms.messages import Translate
from app.forms.places import LANGUAGES, LanguageForm
from app.forms.translated import FormData, TranslatedForm

NOTE_LIMIT: Final = 2_000
_OPEN: Final = "还不清楚"


class ClientForm(TranslatedForm):
    """An enterprise. What of it depends on the model is added by ``client_form``."""

    ORDER: ClassVar[tuple[str, ...]] = (
        *("name", "industry", "archetype", "business_model"),
        *("city_tier", "stores", "contact", "note"),
    )
    name = LineField("客户名称", NAME_LIMIT, [Given("请填写客户名称。")])
    industry = LineField("行业", NAME_LIMIT, description="如母婴连锁、珠宝、生鲜。")
    contact = LineField("联系人与联系方式", CONTACT_LIMIT)
    note = WordsField("备注", NOTE_LIMIT, description="只在工作台里看得到，不印进报告。")


def client_form(model: MaturityModel) -> type[ClientForm]:
    """Return the form of a client under ``model``.

    ``archetype``, ``business_model``, ``city_tier`` and ``stores`` are asked where the model knows
    them; what nobody knows yet stays empty.
    """
    parts = model.fact_parts
    fields: dict[str, Any] = {}
    archetypes = selectable_archetypes(model, parts.get("archetype"))
    if archetypes:
        fields["archetype"] = PickField("企业类型", names=archetypes.items(), empty=_OPEN)
    if models := _titles(parts.get("business-model")):
        fields["business_model"] = PickField("客户对象", names=models.items(), empty=_OPEN)
    if tiers := _city_tiers(model):
        fields["city_tier"] = PickField("团队所在城市", names=tiers.items(), empty=_OPEN)
    stores = parts.get("stores")
    if stores is not None and stores.minimum is not None and stores.maximum is not None:
        low, high = int(stores.minimum), int(stores.maximum)
        fields["stores"] = CountField(
            "门店数",
            low,
            high,
            unit=stores.unit,
            description="营业中的门店，含加盟店；没有门店填0。",
        )
    return type("ClientForm", (ClientForm,), fields)


def _titles(part: FactPart | None) -> Mapping[str, str]:
    return {} if part is None else {choice.id: choice.title for choice in part.choices}


def _city_tiers(model: MaturityModel) -> Mapping[str, str]:
    """Return the tiers the staffing knows, else the options of the fact, with their titles."""
    titles = _titles(model.fact_parts.get("city-tier"))
    if model.content.staffing is None:
        return titles
    tiers = model.content.staffing.city_tiers
    return {tier.id: titles.get(tier.id, tier.title) for tier in tiers}


class EngagementForm(LanguageForm):
    """One diagnosis of a client; ``locale`` is the language of its report."""

    ORDER: ClassVar[tuple[str, ...]] = ("title", "form", "locale", "interviewed_on")
    title = LineField("项目名称", NAME_LIMIT, [Given("请填写项目名称。")])
    locale = PickField("报告语言", validators=[Given("请选择语言。")])
    form = PickField("问卷", validators=[Given("请选择问卷。")])
    interviewed_on = DayField(
        "访谈日期", description="报告以这一天为准；还没有定就留空，以出报告的当天为准。"
    )

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        model: MaturityModel,
        languages: Iterable[str] = LANGUAGES,
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, languages=languages, translate=translate, **kwargs)
        asking = [one for one in model.content.forms if one.every_question or one.questions]
        self.form.offer((one.id, one.title) for one in asking)


class TeamForm(TranslatedForm):
    """A member to join an engagement; ``members`` are id and name of those who may."""

    member = PickField("成员", validators=[Given("请选择成员。")])

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        members: Iterable[tuple[str, str]],
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, translate=translate, **kwargs)
        self.member.offer(members)
