"""What a plan gives up for people it does not get, in the clauses every page uses."""

from app.domain.plan import Plan
from app.reporting.wording import Wording


def losses(plan: Plan, wording: Wording) -> tuple[str, ...]:
    """Return a clause each on SOPs, index and time lost; empty where nothing is given up.

    A SOP counts once, with the worst that becomes of it; what weighs most comes first.
    """
    found, t = plan.sacrifice, wording.translate
    if found is None:
        return ()
    dropped = set(found.dropped)
    postponed = {item.sop for item in plan.releases if item.measure == "postpone"} - dropped
    thinned = set(found.thinned) - dropped - postponed
    index, delay = found.index_lost, found.longest_delay
    counted = (
        (t("停{}份SOP"), str(len(dropped)), dropped),
        (t("指数少{}"), wording.number(index, 1), index),
        (t("推后{}份SOP"), str(len(postponed)), postponed),
        (t("精简{}份SOP"), str(len(thinned)), thinned),
        (t("最晚的举措晚{}天"), str(delay), delay),
    )
    return tuple(text.format(figure) for text, figure, present in counted if present)
