"""What the gallery's pages show: invented, in the two languages of the screens."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import segno
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # stubs of 3.2
from wtforms.widgets import CheckboxInput

from app.forms.accounts import SignInForm
from app.forms.inputs import (
    CountField,
    DayField,
    EmailField,
    Given,
    LineField,
    NewSecretField,
    PickField,
    WordsField,
)
from app.forms.translated import TranslatedForm, Worded
from app.reporting.charts.gantt import GanttGate, GanttPhase, GanttRow, gantt
from app.reporting.charts.heatmap import HeatRow, heatmap
from app.reporting.charts.radar import RadarAxis, radar
from app.reporting.charts.theme import Words

Say = Callable[..., str]

PRESSED: Final = datetime(2026, 9, 3, 6, 5, tzinfo=UTC)


class _TickField(Worded, BooleanField):
    """A box to tick."""


class _UploadField(Worded, FileField):
    """A file."""


class _SeveralField(Worded, SelectMultipleField):
    """Several boxes to tick."""

    option_widget = CheckboxInput()


class Sample(TranslatedForm):
    """One field of each kind."""

    name = LineField("客户名称", 60, [Given("请填写客户名称。")])
    email = EmailField("邮箱", [Given("请填写邮箱。")])
    trade = PickField("行业", [("mother", "母婴"), ("clothes", "服装")], empty="请选择")
    start = DayField("开始日期")
    stores = CountField("门店数", 0, 50_000)
    password = NewSecretField("密码", description="至少12个字符，一句好记的话就可以。")
    kind = PickField("卖给谁", [("b2c", "个人"), ("b2b", "企业")], radio=True)
    note = WordsField("备注", 2_000)
    logo = _UploadField("标志")
    shown = _SeveralField(
        "报告里有哪些章", choices=[SelectChoice("1", "1"), SelectChoice("2", "2")]
    )
    agreed = _TickField("同意把匿名的得分用于同行比较", description="至少五家同意才显示。")


class Rejection(TranslatedForm):
    """Why a finding is rejected."""

    reason = WordsField(
        "理由", 2_000, [Given("请写明理由。")], description="例如：已在试点中解决。"
    )


class Filter(TranslatedForm):
    """What to look for in the record."""

    who = PickField("谁", names=[("chen", "Chen Li")], empty="所有人")
    since = DayField("从哪天起")


def samples(say: Say, locale: str) -> dict[str, Any]:
    """Return the context of all pages of the gallery."""
    return {
        **_frame(say),
        **_forms(say),
        **_drawings(say, locale),
        **_lists(say),
        **_interview(say),
    }


def _frame(say: Say) -> dict[str, Any]:
    tabs = (
        *(("overview", "概况"), ("invitations", "邀请"), ("interviews", "访谈")),
        *(("adjudication", "裁定"), ("diagnosis", "诊断"), ("plan", "方案"), ("reports", "报告")),
    )
    steps = ("诊断", "done"), ("对齐", "current"), ("设计", "todo"), ("陪跑", "todo")
    lights = (
        ("战略", "done"),
        ("组织", "part"),
        ("流程", "missing"),
        ("考核", "missing"),
        ("报表", None),
    )
    return {
        "tab_list": [
            {
                "key": key,
                "title": say(title),
                "url": f"#{key}",
                "count": 3 if key == "adjudication" else None,
            }
            for key, title in tabs
        ],
        "steps": [
            {"title": say(title), "state": state, "url": None if state == "todo" else "#step"}
            for title, state in steps
        ],
        "lights": [
            {"title": say(title), "state": state, "url": f"#light{index}"}
            for index, (title, state) in enumerate(lights)
        ],
    }


def _forms(say: Say) -> dict[str, Any]:
    posted = MultiDict(
        [("name", say("红花制衣")), ("email", "wang@"), ("stores", "三百"), ("kind", "b2c")]
    )
    sample = Sample(posted, translate=say)
    sample.validate()
    sign_in = SignInForm(
        MultiDict([("email", "wang@mingdao.example"), ("password", "")]), translate=say
    )
    sign_in.validate()
    return {
        "sample": sample,
        "sign_in": sign_in,
        "reject_form": Rejection(translate=say),
        "filter": Filter(translate=say, prefix="filter-"),
    }


def _drawings(say: Say, locale: str) -> dict[str, Any]:
    words = Words.translated(say)
    names = [say(name) for name in ("方法", "流程", "团队", "IP化", "连接", "促活", "分层", "复购")]
    now = [Decimal(score) / 10 for score in (15, 14, 14, 10, 18, 15, 12, 18)]
    roles = [say(role) for role in ("CEO", "私域负责人", "区域负责人", "店长")]
    rows = tuple(
        HeatRow(name, (score + 1, score + Decimal("0.4"), score, None if index % 3 else score))
        for index, (name, score) in enumerate(zip(names[:4], now[:4], strict=True))
    )
    work = [
        GanttRow(say("一页纸战略"), 0, 14, "CEO"),
        GanttRow(say("10店15日试点"), 10, 30, say("区域负责人")),
        GanttRow(say("每周复盘"), 20, 90, say("私域负责人"), soft=True),
    ]
    return {
        "radar": radar(
            [RadarAxis(name, score, 3) for name, score in zip(names, now, strict=True)],
            title=say("八项得分"),
            words=words,
        ),
        "heatmap": heatmap(roles, rows, title=say("各角色打分"), words=words),
        "gantt": gantt(
            work,
            title=say("路线图"),
            words=words,
            phases=[GanttPhase(say("跑模型"), 0, 45), GanttPhase(say("扩规模"), 45, None)],
            gates=[GanttGate(say("关口1"), 45)],
        ),
        "dimensions": [
            (name, score, "3.0", *(("done", say("高")) if score > 1.4 else ("part", say("中"))))
            for name, score in zip(names, now, strict=True)
        ],
        "qr": Markup(_qr()),
    }


def _qr() -> str:
    out = BytesIO()
    code = segno.make("https://example.com/i/7Kd2", error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=False, omitsize=True, nl=False, border=2)
    return out.getvalue().decode()


STATES: Final = (
    *(("done", "已答完"), ("part", "有雏形"), ("missing", "缺失"), ("unknown", "未评")),
    *(("todo", "未开始"), ("active", "进行中"), ("waiting", "排队中"), ("failed", "没有完成")),
    ("stopped", "已停用"),
)
GRADES: Final = (("E0", "口头说法"), ("E1", "实例"), ("E2", "实物"), ("E3", "系统数据"))
NEXT: Final = (("Q-P6.1", "现在有几家店达标？"), ("Q-T1.3", "店长的考核里有没有私域？"))


def _lists(say: Say) -> dict[str, Any]:
    score = [_cell("1.5"), _cell("2.6", "better", "+1.1"), _cell("2.3", "better", "+0.8")]
    cost = [
        _cell("20,000"),
        _cell("52,000", "worse", "+32,000"),
        _cell("38,000", "worse", "+18,000"),
    ]
    team = ("王敏", "负责人", "今天"), ("陈立", "顾问", "昨天")
    return {
        "conditions": Markup('<span class="chip">{}</span> <span class="chip">{}</span>').format(
            say("门店数300≥10"), say("试点复制1.5级≤2")
        ),
        "board": [
            {"title": say("店长"), "people": [_person(say, reached) for reached in (3, 1, 0)]},
            {"title": say("区域负责人"), "people": [_person(say, 2)]},
        ],
        "scenarios": [
            {"title": say("12个月后得分"), "cells": score},
            {"title": say("第90天月成本"), "cells": cost},
        ],
        "states": [(state, say(words)) for state, words in STATES],
        "audit": [
            _event(say, "改了裁定值", "Q-P2.1", "3", "2"),
            _event(say, "发出报告", say("第1版"), "", ""),
            _event(say, "收回了邀请", say("店长"), say("有效"), say("已收回")),
        ],
        "team": [tuple(say(word) for word in one) for one in team],
        "shops": [say(name) for name in ("南京西路店", "徐家汇店", "五角场店", "虹桥店")],
        "until": date(2026, 10, 1),
    }


def _person(say: Say, reached: int) -> Mapping[str, Any]:
    times = [PRESSED if reached >= place else None for place in range(1, 4)]
    link = '<button class="btn btn-quiet btn-sm" type="button">{}</button>'
    return {
        "name": say("李雪") if reached == 3 else say("未留名"),
        "url": "#person" if reached == 3 else None,
        "sent": PRESSED,
        "opened": times[0],
        "started": times[1],
        "finished": times[2],
        "note": say("链接已过期") if reached == 0 else "",
        "actions": Markup(link).format(say("提醒")) if reached < 3 else "",
    }


def _cell(text: str, change: str = "", delta: str = "") -> Mapping[str, str]:
    return {"text": text, "change": change, "delta": delta}


def _event(say: Say, what: str, about: str, before: str, after: str) -> Mapping[str, Any]:
    return {
        "at": PRESSED, "who": say("陈立"), "what": say(what), "about": about, "url": "#about",
        "before": before, "after": after, "address": "203.0.113.9",
    }  # fmt: skip


def _interview(say: Say) -> dict[str, Any]:
    names = ("散乱", "起步", "标准化", "可复制", "自循环")
    anchors = (
        "没有书面目标，想起来才做一场活动；问到的几个人，各有各的说法",
        "私域负责人有一份计划，但老板、业务高管和区域说出来的目标对不上",
        "有CEO签字的一页纸战略，写明目标类型、目标用户和12个月用户数，已向区域宣讲",
        "目标拆到区域和门店，预算跟着目标走，每季度由高层对照检视一次并留下记录",
        "有3年规划，并用私域数据逐年修订；从CEO到店员，问到的人给出同一个答案",
    )
    levels = [
        {
            "value": level,
            "name": say(name),
            "text": say(text),
            "note": say("陈立选了这一级") if level == 3 else "",
        }
        for level, (name, text) in enumerate(zip(names, anchors, strict=True), start=1)
    ]
    question = {
        "code": "Q-M1.1",
        "text": say("为什么做私域、12个月要做到什么程度，公司上下目前统一到了哪一步？"),
        "ask": say("CEO签过字的私域战略页，以及最近一次向区域或门店传达的会议纪要"),
        "levels": levels,
        "value": "2",
        "grade": "E1",
        "note": say("区域自己定了一份目标"),
        "quote": say("我们自己先摸索。"),
    }
    blank = {
        "code": "Q-P2.1", "text": say("日常的SOP写到了什么程度，谁在照着做？"), "ask": "",
        "value": "", "grade": "", "note": "", "quote": "",
    }  # fmt: skip
    sections = (("method", "方法", 25, 21, 9, 9), ("process", "流程", 20, 23, 8, 12),
                ("team", "团队", 20, None, 0, 14))  # fmt: skip
    why = say("能定下规则RU-22（必改）；现在这一项只有口头说法。")
    return {
        "questions": [question, {**question, **blank}],
        "grades": [
            {"value": code, "code": code, "label": say(label)}
            for code, label in GRADES
        ],
        "sections": [
            dict(zip(("key", "title", "url", "minutes", "spent", "done", "total"),
                     (key, say(title), f"#{key}", minutes, spent, done, total), strict=True))
            for key, title, minutes, spent, done, total in sections
        ],
        "next_list": [
            {"code": code, "text": say(text), "url": "#next", "why": why}
            for code, text in NEXT
        ],
        "heat": [
            {"title": say("方法"), "score": "1.5", "state": "done", "words": say("高")},
            {"title": say("流程"), "score": "1.4", "state": "part", "words": say("中")},
            {"title": say("团队"), "score": "—", "state": "unknown", "words": say("未评")},
        ],
        "own": Markup("<p>{}</p>").format(say("第2级 起步，E1实例")),
        "other": Markup("<p>{}</p>").format(say("第3级 标准化，E2实物")),
    }  # fmt: skip
