"""The bar above every page of an engagement: its steps, its lights, its pages."""

from dataclasses import dataclass
from typing import Any, Final

from app.services.engagements.undertaking import EngagementView, StepView
from app.web.presenting import path_to, say
from app.web.workspace import blueprint

_STEPS: Final = {"diagnose": "诊断", "align": "对齐", "design": "设计", "coach": "陪跑"}
_WORDS: Final = {"not-begun": "未开始", "under-way": "进行中", "done": "已完成"}
_WORKED_ON: Final = {
    "diagnose": "interview.board",
    "align": "interview.adjudication",
    "design": "plan.desk",
    "coach": "coaching.week",
}
"""Where one works on a step."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the bar shows, as its macros take it."""

    steps: tuple[dict[str, Any], ...]
    lights: tuple[dict[str, Any], ...]
    tabs: tuple[dict[str, Any], ...]


@blueprint.app_template_global()
def engagement_frame(view: EngagementView) -> Frame:
    """Return the bar of an engagement."""
    panels = path_to("diagnosis.panels", engagement=view.id)
    return Frame(
        steps=tuple(
            step_shown(step, path_to(_WORKED_ON[step.step], engagement=view.id))
            for step in view.steps
        ),
        lights=tuple(
            {"title": light.title, "state": light.state, "url": panels} for light in view.lights
        ),
        tabs=(
            _tab("overview", "概览", "workspace.engagement", view.id),
            _tab("invitations", "邀请", "workspace.invitations", view.id, view.progress.waiting),
            _tab("interviews", "访谈", "interview.board", view.id),
            _tab(
                "adjudication",
                "裁定",
                "interview.adjudication",
                view.id,
                view.progress.adjudications,
            ),
            _tab("diagnosis", "诊断", "diagnosis.overview", view.id),
            _tab("plan", "规划", "plan.desk", view.id),
            _tab("reports", "报告", "reports.board", view.id),
            _tab("coaching", "陪跑", "coaching.week", view.id),
            _tab("portal", "客户门户", "sharing.board", view.id),
        ),
    )


def step_shown(step: StepView, url: str | None = None) -> dict[str, Any]:
    """Return a step as the stepper takes it; ``url`` is where one works on it."""
    state = "current" if step.current else "todo"
    return {
        "title": say(_STEPS[step.step]),
        "state": "done" if step.progress == "done" else state,
        "word": say(_WORDS[step.progress]),
        "url": url,
    }


def _tab(key: str, title: str, endpoint: str, engagement: str, count: int = 0) -> dict[str, Any]:
    url = path_to(endpoint, engagement=engagement)
    return {"key": key, "title": say(title), "url": url, "count": count or None}
