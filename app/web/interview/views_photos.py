"""Photos beside answers: added, shown, taken away."""

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

from app.services.answers.attaching import attach_photo, photo_file, remove_photo
from app.services.answers.pictures import PHOTO, PictureRefusedError
from app.services.errors import NotFoundError, RefusedError
from app.services.interviews.questioning import Interview, Posed, open_interview
from app.web.interview import blueprint
from app.web.interview.speaking import speaker
from app.web.photos import photo_brought
from app.web.policies import SAFE, Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.problems import answer, wants_json
from app.web.sending import sent
from app.web.uploads import takes_file


@blueprint.route(
    "/engagements/<engagement>/interviews/<response>/photos/<item>", methods=["GET", "POST"]
)
@policy(Right.WRITE)
@takes_file(PHOTO.bytes_before)
def photos(engagement: str, response: str, item: str) -> Response:
    """Show the photos kept beside an answer, and take one more."""
    if request.method in SAFE:
        return make_response(_page(engagement, response, item))
    data, name = photo_brought()
    try:
        photo = attach_photo(acting(), engagement, response, item, data, name)
    except PictureRefusedError as refusal:
        return _refused(engagement, response, item, say(refusal.message, **refusal.values))
    except RefusedError as refusal:
        words = " ".join(refusal.fields.values())
        return _refused(engagement, response, item, say(words, **refusal.values))
    if wants_json():
        url = url_for("interview.photo", engagement=engagement, photo=photo)
        return jsonify(id=photo, url=url)
    flash(say("照片已保存。"), "success")
    return _to_photos(engagement, response, item)


def _refused(engagement: str, response: str, item: str, words: str) -> Response:
    if wants_json():
        return answer(422, message=words, fields={"photo": words})
    return make_response(_page(engagement, response, item, words), 422)


def _to_photos(engagement: str, response: str, item: str) -> Response:
    url = url_for("interview.photos", engagement=engagement, response=response, item=item)
    return make_response(redirect(url, 303))


def _page(engagement: str, response: str, item: str, error: str = "") -> str:
    found = open_interview(acting(), engagement, response, everything=True)
    posed = _posed(found, response, item)
    return render_template(
        "interview/photos.html",
        engagement=engagement,
        response=response,
        interview=found,
        posed=posed,
        speaks=speaker(found.model),
        error=error,
    )


def _posed(found: Interview, response: str, item: str) -> Posed:
    for part in found.parts:
        for posed in part.posed:
            if part.response == response and posed.item.id == item:
                return posed
    raise NotFoundError


@blueprint.get("/engagements/<engagement>/photos/<photo>")
@policy(Right.MEMBER)
def photo(engagement: str, photo: str) -> Response:
    """Send a photo."""
    return sent(photo_file(acting(), engagement, photo))


@blueprint.post("/engagements/<engagement>/photos/<photo>/removal")
@policy(Right.WRITE)
def remove(engagement: str, photo: str) -> Response:
    """Take a photo away from its answer."""
    response, item = remove_photo(acting(), engagement, photo)
    if wants_json():
        return jsonify(id=photo)
    flash(say("照片已移除。"), "success")
    return _to_photos(engagement, response, item)
