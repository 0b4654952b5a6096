"""The notice a respondent reads before the first question, in every language at once.

What is agreed to is the whole text as it was filled in; its version is the digest of all languages
(``app.services.respondents.consenting``), so that it can be shown later what somebody had before
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g

from app.services.acting import Acting
from app.services.respondents.consenting import (
    RETENTION_MONTHS,
    Agreed,
    Document,
    Titles,
    titles_in,
    version_of,
)
from app.services.respondents.responding import Questionnaire
from app.web.wording import NAMES, Say, say_in


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the notice."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice in the reader's language, and the document it is part of."""

    points: tuple[Point, ...]
    document: Document
    version: str


def notice_of(acting: Acting, found: Questionnaire) -> Notice:
    """Return the notice of a questionnaire; raises ``NotFoundError``."""
    titles = titles_in(acting, NAMES)
    return notice_in({name: _points(found, titles[name], say_in(name)) for name in NAMES})


def notice_in(texts: Mapping[str, tuple[Point, ...]]) -> Notice:
    """Return a notice from its points in every language."""
    document = {
        locale: [(point.title, point.text) for point in points] for locale, points in texts.items()
    }
    return Notice(texts[g.locale], document, version_of(document))


def agreed_notice(agreed: Agreed) -> Notice:
    """Return the notice somebody agreed to, as it was then."""
    told = agreed.document.get(g.locale) or next(iter(agreed.document.values()), ())
    return Notice(tuple(Point(*point) for point in told), agreed.document, agreed.version)


def _points(found: Questionnaire, titles: Titles, say: Say) -> tuple[Point, ...]:
    who, client = found.who, found.client
    points = [
        Point(
            say("谁在问"),
            say(
                "{who}正在为{client}做诊断，依据是「{model}」。请您以「{role}」的身份填写。",
                who=who,
                client=client,
                model=titles.model,
                role=titles.role,
            ),
        ),
        Point(say("为什么问"), _purpose(found, say)),
        Point(say("要多久"), _length(found, say)),
        Point(
            say("答不上来怎么办"),
            say("选「不知道或不方便说」就行，比猜一个更有用。没答完也可以提交。"),
        ),
        Point(say("谁看得到"), _readers(found, titles, say)),
        Point(say("您写的文字"), _words(found, say)),
    ]
    if found.pictured:
        points.append(
            Point(
                say("您拍的照片"),
                say(
                    "可拍可不拍，只给顾问看，不写进报告。拍摄地点和手机型号会去掉。"
                    "请不要拍到人脸、姓名和电话。"
                ),
            )
        )
    if found.figures:
        points.append(
            Point(
                say("您填的公司数据"),
                say("提交后抄到公司的资料表上，由顾问核对。别人填的您看不到，您填的别人也看不到。"),
            )
        )
    points += [
        Point(
            say("保存多久"),
            say("项目结束后最多保存{n}个月，到期删除。", n=RETENTION_MONTHS),
        ),
        Point(say("您的权利"), _rights(found, say)),
    ]
    return tuple(points)


def _purpose(found: Questionnaire, say: Say) -> str:
    if found.role.side == "customer":
        return say(
            "从客户的角度看{client}做得怎么样，和团队自己的看法对照。答案只用于这次诊断和后续辅导。",
            client=found.client,
        )
    return say(
        "弄清公司现在做到哪一步、卡在哪里，再决定先改什么。"
        "答案只用于这次诊断和后续辅导，不用来考核个人。"
    )


def _length(found: Questionnaire, say: Say) -> str:
    length = say("约{n}分钟，共{q}道题", n=found.minutes, q=found.questions)
    if found.figures:
        length = say("{length}，另有{f}项公司数据", length=length, f=found.figures)
    return say("{length}。可以随时停下，以后用同一条链接接着答，换一台设备也行。", length=length)


def _readers(found: Questionnaire, titles: Titles, say: Say) -> str:
    seen = say("{who}的顾问看得到您的答案，用来核对。", who=found.who)
    printed = say("报告不写您的名字，只写各角色的平均。")
    if found.front:
        alone = say(
            "「{role}」不足{n}人作答时，报告连平均也不单独写。", role=titles.role, n=found.least
        )
    else:
        alone = say("如果「{role}」只有您一人作答，平均就是您的答案。", role=titles.role)
    return say("{a}{b}{c}", a=seen, b=printed, c=alone)


def _words(found: Questionnaire, say: Say) -> str:
    if found.front:
        return say(
            "顾问会看。提交时您同意引用，才会写进报告：只注明角色，人数太少时只写「一线」。"
            "请不要写姓名和联系方式。"
        )
    return say("顾问会看。提交时您同意引用，才会写进报告，只注明角色。请不要写姓名和联系方式。")


def _rights(found: Questionnaire, say: Say) -> str:
    whom = " ".join(filter(None, (found.who, found.consultant, found.contact)))
    return say(
        "随时可以撤回同意：撤回后不再收新的答案，已答的也不再用于诊断，已经出具的报告不变。"
        "要查看、更正或删除答案，请联系{whom}。",
        whom=whom,
    )
