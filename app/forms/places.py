"""Where somebody works and what they read: time zones and languages to choose from."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from babel import Locale

from app.forms.inputs import Given, PickField
from app.forms.messages import Translate
from app.forms.translated import FormData, TranslatedForm

LANGUAGES: Final = ("zh-Hans", "en")
HOME_ZONE: Final = "Asia/Shanghai"

_CONTINENTS: Final = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic"}
    | {"Australia", "Europe", "Indian", "Pacific"}
)


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Return every time zone named after a place, by name; the label has blanks for underlines."""
    named = (name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS)
    return tuple((name, name.replace("_", " ")) for name in sorted(named))


def language_names(languages: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return each language code with the language's own name for itself, without its script."""
    return tuple((code, Locale.parse(code, sep="-").language_name or code) for code in languages)


class ZoneField(PickField):
    """A time zone."""

    def __init__(self, label: str, **kwargs: Any):
        super().__init__(label, names=zones(), default=HOME_ZONE, **kwargs)


class LanguageForm(TranslatedForm):
    """A form with the choice of a language in ``locale``; the languages there are come with it."""

    locale = PickField("语言", validators=[Given("请选择语言。")])

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        languages: Iterable[str] = LANGUAGES,
        translate: Translate | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(formdata, translate=translate, **kwargs)
        self.locale.offer(language_names(languages))
