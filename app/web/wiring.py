"""The screens: one blueprint package per area, wired together here.

Order matters before a view runs: where the request comes from, its form token, who calls, whether
they may.
"""

from flask import Flask

from app.extensions import csrf, limiter
from app.web.admin import views as admin
from app.web.auth import views as auth
from app.web.check import views as check
from app.web.coaching import views as coaching
from app.web.compressing import init_compressing
from app.web.diagnosis import views as diagnosis
from app.web.headers import init_headers
from app.web.interview import views as interview
from app.web.leads import views as leads
from app.web.origins import init_origins
from app.web.plan import views as plan
from app.web.policies import Right, check_policies, enforce, policy
from app.web.portal import views as portal
from app.web.portfolio import views as portfolio
from app.web.presenting import init_presenting
from app.web.principal import begin, init_principal
from app.web.problems import init_problems
from app.web.pulse import views as pulse
from app.web.reports import views as reports
from app.web.respond import views as respond
from app.web.sharing import views as sharing
from app.web.site import blueprint as site
from app.web.uploads import init_uploads
from app.web.workspace import views as workspace

AREAS = (
    *(auth, workspace, leads, interview, diagnosis, plan, reports, coaching, portfolio),
    *(respond, pulse, check, sharing, portal, admin),
)


def init_web(app: Flask) -> None:
    """Register every area; raises ``PolicyError`` for a route that does not say who may call it."""
    app.before_request(begin)
    init_origins(app)
    init_uploads(app)
    csrf.init_app(app)
    limiter.init_app(app)
    init_principal(app)
    app.before_request(enforce)
    init_headers(app)
    init_compressing(app)
    init_presenting(app)
    init_problems(app)
    app.register_blueprint(site)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    policy(Right.PUBLIC)(app.view_functions["static"])
    check_policies(app)
