"""The words of the record: what each action and each detail of it says to people."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import g

from app.forms.accounts import ROLES
from app.forms.portal import CONTACT_ROLES
from app.services.record.reading import Line
from app.web.wording import NAMES, say_in

WORDS: Final[Mapping[str, str]] = {
    "access.forbidden": "尝试自己的角色不允许的操作，被拒绝",
    "access.missing": "尝试打开不存在或不属于自己的内容，被拒绝",
    "account.device_closed": "退出了一台设备的登录",
    "account.devices_closed": "退出了其他设备的登录",
    "account.password_changed": "更改了密码",
    "account.password_reset": "用邮件里的链接设定了新密码",
    "account.recovery_codes_renewed": "换了一组恢复码",
    "account.renamed": "改了自己的姓名",
    "account.reset_asked": "请求设定新密码",
    "account.second_factor_failed": "两步验证没有通过",
    "account.second_factor_off": "关闭了两步验证",
    "account.second_factor_on": "开启了两步验证",
    "account.second_factor_shown": "通过了两步验证",
    "account.sign_in_failed": "登录失败，密码不对",
    "account.signed_in": "登录了",
    "account.signed_out": "退出了登录",
    "adjudication.set": "裁定了一道题",
    "adjudication.withdrawn": "撤回了一道题的裁定",
    "answers.imported": "导入了答案文件",
    "client.archived": "归档了客户",
    "client.changed": "修改了客户资料",
    "client.created": "新建了客户",
    "client.restored": "恢复了客户",
    "coaching.actuals": "填了一周的指标",
    "coaching.reviewed": "评审了阶段出口",
    "coaching.round_begun": "开了下一轮诊断",
    "coaching.settled": "说明了任务做没做",
    "coaching.store_ended": "改了门店的参加日期",
    "coaching.stores_added": "加了参加的门店",
    "contact.invited": "邀请了客户联系人",
    "contact.shut_out": "收回了客户联系人的访问",
    "contact.written_again": "给客户联系人重发了链接",
    "consultancy.founded": "建立了机构",
    "consultancy.second_factor_required": "改了两步验证的要求",
    "demo.loaded": "载入了示范数据",
    "engagement.archived": "归档了项目",
    "engagement.changed": "修改了项目资料",
    "engagement.created": "新建了项目",
    "engagement.own_result": "改了受访者能否看到自己的结果",
    "engagement.restored": "恢复了项目",
    "finding.accepted": "确认了一条发现",
    "finding.commented": "对一条发现留了言",
    "finding.edited": "改写了一条发现",
    "finding.rejected": "否决了一条发现",
    "finding.rest_accepted": "一次确认了多条发现",
    "interview.begun": "开始了访谈",
    "interview.concluded": "结束了访谈",
    "interview.discarded": "删除了没有答案的访谈",
    "interview.renamed": "修改了访谈的标签",
    "interview.reopened": "重新打开了访谈",
    "invitation.changed": "修改了邀请",
    "invitation.created": "新建了邀请",
    "invitation.exported": "导出了受访进度",
    "invitation.mailed": "发出了邀请邮件",
    "invitation.opened": "打开了邀请链接",
    "invitation.reissued": "换新了邀请链接",
    "invitation.reminded": "发出了提醒邮件",
    "invitation.revoked": "作废了邀请链接",
    "lead.accepted": "接受了线索",
    "lead.asked": "做完自查，请求诊断",
    "lead.declined": "婉拒了线索",
    "lead.expired": "按期删除了线索",
    "lead.withdrawn": "撤回诊断请求并删除了自查",
    "member.disabled": "停用了成员",
    "member.enabled": "启用了成员",
    "member.invitation_revoked": "撤回了给成员的邀请",
    "member.invited": "邀请了成员",
    "member.invited_again": "重发了给成员的邀请",
    "member.joined": "加入了机构",
    "member.role_changed": "更改了成员的权限",
    "member.second_factor_reset": "重置了成员的两步验证",
    "photo.added": "添加了照片",
    "photo.removed": "移除了照片",
    "plan.revised": "存下了规划的新一版",
    "portal.calendar_dropped": "作废了日历的订阅地址",
    "portal.calendar_made": "生成了日历的订阅地址",
    "portal.link_asked": "要了一个进入客户门户的链接",
    "portal.signed_in": "进入了客户门户",
    "portal.signed_out": "退出了客户门户",
    "portfolio.consent": "记下客户是否计入同业对比",
    "pulse.closed": "停止接收客户脉搏",
    "pulse.opened": "备好了客户脉搏的海报",
    "pulse.replaced": "换了客户脉搏的二维码",
    "record.exported": "导出了记录",
    "report.cancelled": "取消了生成报告",
    "report.checked": "按冻结的输入重新生成并核对了报告",
    "report.downloaded": "下载了报告",
    "report.dropped": "去掉了没有生成文件的报告版本",
    "report.issued": "报告生成完毕",
    "report.refused": "报告没有生成",
    "report.requested": "要了一版报告",
    "report.retried": "让报告重新生成",
    "report.shared": "把一版报告分享给了客户",
    "report.unshared": "从客户那里收回了一版报告",
    "response.consented": "同意了作答前的说明",
    "response.reopened": "退回了答卷，请对方修改",
    "response.submitted": "提交了答卷",
    "response.withdrawn": "撤回了同意",
    "settings.brand_changed": "修改了报告上的机构信息",
    "settings.changed": "修改了机构设置",
    "settings.logo_changed": "换了报告的标志",
    "settings.logo_removed": "移除了报告的标志",
    "settings.self_check_changed": "改了公开自查的设置",
    "team.joined": "把成员加进了项目组",
    "team.left": "把成员移出了项目组",
}
"""Action → what somebody did, a Chinese key."""

DETAILS: Final[Mapping[str, str]] = {
    "after": "改成",
    "agreed": "同意计入",
    "answers": "答案数",
    "before": "原来",
    "closed": "退出的设备数",
    "code": "条目",
    "codes": "条目",
    "codes_left": "剩余恢复码",
    "contact_role": "角色",
    "count": "数量",
    "digest": "校验码",
    "earlier": "上一轮",
    "email": "邮箱",
    "facts": "数据项数",
    "fields": "改动的项",
    "figures": "企业数据项数",
    "format": "格式",
    "how": "方式",
    "identical": "逐字节一致",
    "issue": "第几条链接",
    "item": "题目",
    "job": "任务",
    "label": "标签",
    "last": "参加到",
    "language": "语言",
    "lines": "行数",
    "member": "成员",
    "model": "模型版本",
    "n": "数量",
    "name": "名称",
    "number": "编号",
    "pages": "页数",
    "phase": "阶段",
    "plan": "规划版次",
    "quotable": "同意引用",
    "reason": "理由",
    "request": "请求",
    "required": "必须",
    "respondents": "受访者人数",
    "revision": "第几次修订",
    "role": "角色",
    "roles": "角色",
    "shown": "能看到",
    "snapshot": "校验码",
    "source": "来处",
    "state": "说成",
    "store": "门店",
    "stores": "门店数",
    "taken_from": "取自规划版次",
    "tasks": "任务数",
    "title": "名称",
    "unknown": "答「不知道」的题数",
    "verdict": "结果",
    "version": "版次",
    "week": "哪一周",
}
"""Name of a detail → what it tells, a Chinese key."""

VALUES: Final[Mapping[str, str]] = {
    **dict(ROLES),
    **dict(CONTACT_ROLES),
    "authenticator": "验证器上的数字",
    "recovery code": "恢复码",
    "brand_accent": "主色",
    "brand_confidentiality": "保密声明",
    "brand_consultant": "顾问",
    "brand_contact": "联系方式",
    "brand_logo": "标志",
    "brand_name": "报告上的机构名称",
    "check_open": "是否开放自查",
    "check_slug": "自查的网址",
    "locale": "语言",
    "name": "名称",
    "zone": "时区",
}
"""Words of the program that a detail may hold → a Chinese key."""

_ROLES: Final = ("role", "roles")
_FIRST: Final = ("member", "email", "name", "title", *_ROLES, "label", "before", "after")
"""Whom or what a line is about comes before the rest."""
_BY_VISITORS: Final = ("lead.asked", "lead.withdrawn")
"""What strangers do, whose names are written down nowhere."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = 12
"""How much of a digest is enough to compare it by eye."""


def said(line: Line) -> str:
    """Return what a line says somebody did."""
    return say_in(g.locale)(WORDS.get(line.action, line.action))


def done_by(line: Line) -> str:
    """Return who did it: a name, or for what nobody signed in did, what did it."""
    if line.who:
        return line.who
    return say_in(g.locale)("自查访客" if line.action in _BY_VISITORS else "系统")


def details(line: Line) -> tuple[tuple[str, str], ...]:
    """Return what a line tells beside that: names and values in words, by name."""
    say = say_in(g.locale)
    return tuple(
        (say(DETAILS.get(name, name)), _value(value, line.roles if name in _ROLES else {}))
        for name, value in sorted(line.detail.items(), key=_place)
        if value not in ("", None, [])
    )


def _place(detail: tuple[str, Any]) -> tuple[int, str]:
    name, _value = detail
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def details_said(line: Line) -> str:
    """Return the same in one piece."""
    return "; ".join(f"{name} {value}" for name, value in details(line))


def _value(value: Any, roles: Mapping[str, str]) -> str:
    say = say_in(g.locale)
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, list):
        return say("、").join(_value(one, roles) for one in value)
    text = str(value)
    if text in roles:
        return roles[text]
    if _DIGEST.fullmatch(text):
        return text[:_SHOWN]
    return say(VALUES[text]) if text in VALUES else NAMES.get(text, text)
