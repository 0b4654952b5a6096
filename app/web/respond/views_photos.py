"""Photos beside answers: added, shown and taken away by the respondent."""

from flask import (
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import NotFound

from app.extensions import limiter
from app.services.answers.pictures import PHOTO, PictureRefusedError
from app.services.errors import NotFoundError, RefusedError
from app.services.respondents.photographing import drop_photo, keep_photo, own_photo
from app.services.respondents.responding import (
    Page,
    Posed,
    Questionnaire,
    open_questionnaire,
)
from app.web.interview.speaking import speaker
from app.web.photos import photo_brought
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.problems import answer, wants_json
from app.web.respond import blueprint
from app.web.respond.limits import PER_DEVICE_PHOTOS, device
from app.web.sending import sent
from app.web.uploads import takes_file
from app.web.workspace.posting import expect


@blueprint.route("/answer/photos/<item>", methods=["GET", "POST"])
@policy(Right.RESPONDENT)
@takes_file(PHOTO.bytes_before)
@limiter.limit(PER_DEVICE_PHOTOS, key_func=device, methods=["POST"])
def photos(item: str) -> Response:
    """Show the photos beside an answer, and take one more."""
    found = open_questionnaire(acting())
    page, posed = _posed(found.pages, item)
    if request.method in SAFE:
        if found.state != "answering":
            return make_response(redirect(url_for("respond.home"), 303))
        return _page(found, page, posed)
    expect()
    data, name = photo_brought()
    try:
        kept = keep_photo(acting(), item, data, name)
    except PictureRefusedError as refusal:
        return _refused(found, page, posed, say(refusal.message, **refusal.values))
    except RefusedError as refusal:
        words = say(" ".join(refusal.fields.values()), **refusal.values)
        return _refused(found, page, posed, words)
    if wants_json():
        return jsonify(id=kept.id, url=url_for("respond.photo", photo=kept.id))
    flash(say("照片已保存。"), "success")
    return make_response(redirect(url_for("respond.photos", item=item), 303))


def _refused(found: Questionnaire, page: Page, posed: Posed, words: str) -> Response:
    if wants_json():
        return answer(422, message=words, fields={"photo": words})
    return _page(found, page, posed, words)


def _page(found: Questionnaire, page: Page, posed: Posed, error: str = "") -> Response:
    shown = render_template(
        "respond/photos.html",
        found=found,
        page=page,
        posed=posed,
        title=speaker(found.model).title(posed.item),
        error=error,
    )
    return make_response(shown, 422 if error else 200)


def _posed(pages: tuple[Page, ...], item: str) -> tuple[Page, Posed]:
    for page in pages:
        for posed in page.posed:
            if posed.item.id == item:
                return page, posed
    # The link is good; only the address is not.
    raise NotFound


@blueprint.get("/answer/photo/<photo>")
@policy(Right.RESPONDENT)
def photo(photo: str) -> Response:
    """Send a photo of one's own."""
    try:
        found = own_photo(acting(), photo)
    except NotFoundError:
        raise NotFound from None
    return sent(found)


@blueprint.post("/answer/photo/<photo>/removal")
@policy(Right.RESPONDENT)
@limiter.limit(PER_DEVICE_PHOTOS, key_func=device)
def remove_photo(photo: str) -> Response:
    """Take a photo away from its answer."""
    expect()
    try:
        item = drop_photo(acting(), photo)
    except NotFoundError:
        raise NotFound from None
    flash(say("照片已移除。"), "success")
    return make_response(redirect(url_for("respond.photos", item=item), 303))
