"""The base of every form: labels and messages are Chinese keys, looked up as the form is made.

``SignInForm(request.form, translate=_)`` speaks the reader's language; without ``translate`` a
form speaks Chinese. Texts of a maturity model come translated with the model and are left alone.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, ClassVar, Protocol, TypeVar

from wtforms import Field, Form
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from app.forms.messages import Translate

F = TypeVar("F", bound=Field)


class FormData(Protocol):
    """What a browser posted: several strings under a name."""

    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: Any, /) -> bool: ...
    def getlist(self, key: str, /) -> list[Any]:
        """Return every string under a name."""
        ...


def _unchanged(text: str) -> str:
    return text


class Phrases:
    """What WTForms asks for words; our messages choose their plural inside the text."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate

    def gettext(self, string: str) -> str:
        """Return the text of a key."""
        return self._translate(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the text of the key for ``n`` things."""
        return self._translate(singular if n == 1 else plural)


class Worded(Field):
    """A field with words of its own: its label and description are keys."""

    def translate_words(self, translate: Translate) -> None:
        """Look up the words, once, as the field is bound to a form."""
        if self.label.text:
            self.label.text = translate(self.label.text)
        if self.description:
            self.description = translate(self.description)


class TranslatedForm(Form):
    """A form whose labels, descriptions, choices and messages are in the reader's language.

    ``ORDER`` names the fields as they stand on the page, where that is not the order they are
    declared in: mistakes are listed in it. Fields it leaves out follow.
    """

    ORDER: ClassVar[tuple[str, ...]] = ()

    class Meta(DefaultMeta):
        """Hands the look-up on to the fields, and to the forms inside this one."""

        translate: Translate = staticmethod(_unchanged)

        def get_translations(self, form: BaseForm) -> Phrases:
            """Return the words of this form, those of the form around it where there is one."""
            outer = getattr(form, "_parent_form", None)
            if outer is not None:
                self.translate = outer.meta.translate
            return Phrases(self.translate)

        def bind_field(
            self,
            form: BaseForm,
            unbound_field: "UnboundField[F]",
            options: MutableMapping[str, Any],
        ) -> F:
            """Return the field of this form with its own words looked up."""
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, Worded):
                field.translate_words(self.translate)
            return field

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        translate: Translate | None = None,
        data: Mapping[str, Any] | None = None,
        prefix: str = "",
        meta: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        given = dict(meta or {})
        if translate is not None:
            given["translate"] = translate
        super().__init__(formdata, prefix=prefix, data=data, meta=given, **kwargs)
        first = {name: self._fields[name] for name in self.ORDER if name in self._fields}
        self._fields = {**first, **self._fields}
