"""Files of reports, sent to whoever may see the row that names them."""

from flask import Response

from app.services.reports.files import report_file
from app.web.policies import Right, policy
from app.web.principal import acting
from app.web.reports import blueprint
from app.web.sending import sent


@blueprint.get("/engagements/<engagement>/reports/<report>/<form>")
@policy(Right.MEMBER)
def file(engagement: str, report: str, form: str) -> Response:
    """Send a file of a report: ``pdf``, ``json`` or ``answers``."""
    return sent(report_file(acting(), engagement, report, form))
