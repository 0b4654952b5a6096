"""Where somebody works and what they read: time zones and languages to choose from."""

from collections.abc import Iterable
from typing import Any, Final

from babel import Locale

from app.forms.inputs import Given, PickField
from app.forms.messages import Translate
from app.forms.translated import FormData, TranslatedForm
from app.forms.zones import zone_name, zone_names, zones

LANGUAGES: Final = ("zh-Hans", "en")
HOME_ZONE: Final = "Asia/Shanghai"


def language_names(languages: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return each language code with the language's own name for itself, without its script."""
    return tuple((code, Locale.parse(code, sep="-").language_name or code) for code in languages)


class ZoneField(PickField):
    """A time zone. Each is offered under one name; whoever has another name of it keeps that."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, names=zone_names(LANGUAGES[0]), default=HOME_ZONE, **kwargs)

    def name_in(self, locale: str) -> None:
        """Name the choices in a language."""
        names = zone_names(locale)
        if self.data in zones() and self.data not in dict(names):
            names = ((self.data, zone_name(self.data, locale)), *names)
        self.offer(names)


class LanguageForm(TranslatedForm):
    """A form with the choice of a language in ``locale``; the languages there are come with it.

    ``reader`` is the language of whoever fills it in: time zones are named in it.
    """

    locale = PickField("语言", validators=[Given("请选择语言。")])

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        languages: Iterable[str] = LANGUAGES,
        reader: str = LANGUAGES[0],
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, translate=translate, **kwargs)
        self.locale.offer(language_names(languages))
        for field in self:
            if isinstance(field, ZoneField):
                field.name_in(reader)
