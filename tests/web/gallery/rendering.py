"""The gallery: every component on a few pages, rendered without the application behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.reporting.numerals import rounded
from app.web.wording import BABEL, NAMES, say_in
from tests.web.gallery.samples import Say, samples

HERE: Final = Path(__file__).resolve().parent
WEB: Final = HERE.parents[2] / "app" / "web"
STATIC: Final = WEB / "static"
LOCALES: Final = tuple(NAMES)
PAGES: Final = (*sorted(path.stem for path in (HERE / "pages").glob("*.html")), "problem")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The member the pages are shown to."""

    name: str
    role: str
    consultancy_name: str
    locale: str
    zone: str = "Asia/Shanghai"
    writes: bool = True


def words_of_samples() -> Mapping[str, str]:
    """Return the English of the samples by their Chinese."""
    with (HERE / "samples.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id}


def saying(locale: str) -> Say:
    """Return the look-up of the screens' words, and in English of the samples' too."""
    say = say_in(locale)
    own = words_of_samples() if locale == "en" else {}

    def look_up(text: str, /, **values: Any) -> str:
        if text in own:
            return own[text].format(**values) if values else own[text]
        return say(text, **values)

    return look_up


def environment(locale: str, say: Say) -> Environment:
    """Return the templates of the screens with what the application gives them."""
    loader = ChoiceLoader([FileSystemLoader(HERE / "pages"), FileSystemLoader(WEB / "templates")])
    jinja = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zone, spelled = ZoneInfo("Asia/Shanghai"), BABEL[locale]

    def moment(value: datetime) -> str:
        return format_datetime(value, "M-d HH:mm", tzinfo=zone, locale=spelled)

    def day(value: date) -> str:
        return format_date(value, "long", locale=spelled)

    def number(value: Any, places: int = 0) -> str:
        return f"{rounded(value, places):,}"

    jinja.filters.update(moment=moment, day=day, number=number)
    jinja.globals.update(
        {
            "_": say,
            "asset": lambda name: f"/static/{name}",
            "url_for": lambda endpoint, **_values: f"#{endpoint}",
            "csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="t">'),
            "csrf_token": lambda: "t",
            "get_flashed_messages": lambda with_categories: [("success", say("已保存。"))],
        }
    )
    return jinja


def page(name: str, locale: str) -> str:
    """Return one page of the gallery in a language."""
    say = saying(locale)
    member = Viewer(say("陈立"), "consultant", say("明道咨询"), locale)
    problem = {
        "status": 500,
        "title": say("出错了"),
        "said": say("程序没有完成这一步；已确认保存的内容都还在。"),
        "todo": say("请重试；仍不行，请把编号告诉管理员。"),
        "reference": "9f2c41ab",
    }
    return (
        environment(locale, say)
        .get_template(f"{name}.html")
        .render(
            member=member,
            locale=locale,
            locales=list(NAMES.items()),
            here=f"/{name}",
            **(problem if name == "problem" else samples(say, locale)),
        )
    )
