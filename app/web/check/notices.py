"""The two notices of a self-check: before the first question, and before it is handed over.

As with respondents, what is agreed to is the whole text as it was filled in, in all languages.
"""

from app.services.respondents.consenting import RETENTION_MONTHS
from app.services.selfcheck.beginning import LASTS
from app.services.selfcheck.forgetting import DECLINED, WAITING
from app.services.selfcheck.house import CheckHouse, offered_form
from app.web.principal import settings
from app.web.respond.notices import Notice, Point, notice_in
from app.web.wording import NAMES, Say, say_in


def begin_notice(house: CheckHouse) -> Notice:
    """Return the notice before the first question; raises ``NotFoundError`` without a form."""
    return notice_in({locale: _begin(house, locale, say_in(locale)) for locale in NAMES})


def ask_notice(house: CheckHouse) -> Notice:
    """Return the notice before somebody names themselves and hands their answers over."""
    return notice_in({locale: _ask(house, say_in(locale)) for locale in NAMES})


def _begin(house: CheckHouse, locale: str, say: Say) -> tuple[Point, ...]:
    model, form = offered_form(settings(), locale)
    return (
        Point(
            say("谁在问"),
            say("{who}提供这份自查，依据是「{model}」。", who=house.who, model=model.content.title),
        ),
        Point(
            say("要多久"),
            say(
                "约{n}分钟：{q}道题，{f}项公司数据。说不清的选「不知道或不方便说」，可以随时停下，"
                "在同一个浏览器里接着答。",
                n=form.minutes,
                q=len(form.questions),
                f=len(form.facts),
            ),
        ),
        Point(
            say("会留下什么"),
            say(
                "只有您选的角色和答案。不问姓名、公司和联系方式。"
                "网络地址不保存，只为防止滥用把它的摘要留一天，从摘要看不出地址。"
            ),
        ),
        Point(
            say("浏览器里放什么"),
            say(
                "点「同意」之前什么都不放。之后只放三个必要的cookie："
                "记住这份自查（{n}天），记住语言，确认提交来自这些页面。没有统计和广告。",
                n=LASTS.days,
            ),
        ),
        Point(
            say("谁看得到"),
            say("您请求诊断之前，{who}的工作台上看不到您的答案。", who=house.who),
        ),
        Point(
            say("保存多久"),
            say("{n}天后自动删除；在那之前，您随时可以自己修改或删除。", n=LASTS.days),
        ),
        Point(say("有疑问"), say("请联系{whom}。", whom=whom(house))),
    )


def _ask(house: CheckHouse, say: Say) -> tuple[Point, ...]:
    return (
        Point(say("交给谁"), say("{who}，不给别人。", who=house.who)),
        Point(
            say("交什么"),
            say("您在这里填的公司名称、称呼、联系方式和留言，以及这份自查的全部答案和结果。"),
        ),
        Point(
            say("做什么用"),
            say(
                "用来联系您，商量怎么做完整诊断。谈成以后，答案转进诊断项目，"
                "答过的不再重复问。不作别的用途。"
            ),
        ),
        Point(
            say("保存多久"),
            say(
                "谈成后随项目保存，项目结束后最多{months}个月；没有谈成的，{declined}天后删除；"
                "一直没有答复的，{waiting}天后删除。",
                months=RETENTION_MONTHS,
                declined=DECLINED.days,
                waiting=WAITING.days,
            ),
        ),
        Point(
            say("您的权利"),
            say(
                "对方接受之前，您随时可以在结果页撤回请求并删除全部内容；"
                "之后要查看、更正或删除，请联系{whom}。",
                whom=whom(house),
            ),
        ),
    )


def whom(house: CheckHouse) -> str:
    """Return whom to ask: the consultancy, its consultant and how to reach them."""
    return " ".join(filter(None, (house.who, house.consultant, house.contact)))
