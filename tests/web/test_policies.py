"""A route says who may call it, or the application does not start."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask

from app.factory import create_app
from app.web import wiring
from app.web.policies import PolicyError, Right, check_policies, policy
from tests.applications import application as own_application
from tests.people import Installed


def application(methods: list[str], right: Right | None) -> Flask:
    app = Flask(__name__, static_folder=None)

    def view() -> str:
        return ""

    app.add_url_rule("/things", "things", view if right is None else policy(right)(view),
                     methods=methods)  # fmt: skip
    return app


def test_a_route_without_a_policy_is_named() -> None:
    with pytest.raises(PolicyError, match=r"/things \(things\) has no policy"):
        check_policies(application(["GET"], None))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_right_to_look_does_not_guard_a_change(method: str) -> None:
    with pytest.raises(PolicyError, match="changes things with a right to look"):
        check_policies(application([method], Right.MEMBER))
    with pytest.raises(PolicyError):
        check_policies(application(["GET", method], Right.MEMBER))


@pytest.mark.parametrize("right", [right for right in Right if right.writes])
def test_every_right_to_write_may_guard_a_change(right: Right) -> None:
    check_policies(application(["GET", "POST"], right))


def test_every_route_that_is_wrong_is_named_at_once() -> None:
    app = application(["POST"], Right.MEMBER)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(PolicyError) as told:
        check_policies(app)
    assert "/things" in str(told.value)
    assert "/open" in str(told.value)


def test_the_application_does_not_start_with_a_route_nobody_thought_about(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    area = Blueprint("new_area", __name__)
    area.add_url_rule("/forgotten", "forgotten", lambda: "")
    monkeypatch.setattr(wiring, "AREAS", (*wiring.AREAS, SimpleNamespace(blueprint=area)))
    with pytest.raises(PolicyError, match="/forgotten"):
        create_app(installed.settings, installed.database)


def test_a_route_added_after_the_start_answers_nobody(installed: Installed) -> None:
    app = own_application(installed.settings, installed.database)
    app.add_url_rule("/late", "late", lambda: "inside")
    for who in ("owner", None):
        answer = replace(installed, ready=app).browser(who).get("/late")
        assert answer.status_code == 403
        assert "inside" not in answer.text
