"""Photos kept beside answers as evidence: drawn anew, stored by digest, shown by a row alone."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from app.services.access import open_engagement
from app.services.acting import Acting
from app.services.answers.answering import SUBMITTED, answerable
from app.services.answers.assembling import SELF, counts
from app.services.answers.pictures import PHOTO, cleaned_picture
from app.services.errors import ConflictError, NotFoundError, RefusedError
from app.services.files import Download, file_store
from app.services.interviews.interviewing import model_in
from app.services.interviews.questioning import item_asked
from app.services.record.recording import record
from app.store.attachments import attachments_beside, count_attachments
from app.store.interviews import find_response
from app.store.rows import Attachment, Response
from app.store.scope import ScopedSession
from app.store.types import new_id

MOST: Final = 100
"""Photos of one interview; beside the answers, not instead of them."""
NAME_LIMIT: Final = 80
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Characters that do not show or turn the reading direction: a name must look like what it is."""


def attach_photo(
    acting: Acting, engagement: str, response: str, item: str, data: bytes, name: str
) -> str:
    """Keep a photo beside the answer to ``item``, and return its id.

    Raises ``NotFoundError``, ``NotAllowedError``, ``PictureRefusedError``, ``ConflictError`` for a
    closed interview and ``RefusedError`` where it holds too many already.
    """
    with acting.reading() as session:
        # Whoever may not keep a photo here does not get to have one drawn either.
        opened = open_engagement(acting, session, engagement)
        acting.must_write()
        found = _response(session, engagement, response)
        _must_take_more(session, found)
    model = model_in(acting, opened)
    if item_asked(model, model.forms[opened.engagement.form], found, item) is None:
        raise NotFoundError
    picture = cleaned_picture(data, PHOTO)
    digest = file_store(acting.settings).put(picture.data)
    with acting.writing() as session:
        held = answerable(acting, session, response)
        _must_take_more(session, held)
        row = Attachment(
            id=new_id(),
            response_id=response,
            item=item,
            digest=digest,
            name=file_name(name),
            media_type=picture.media_type,
            size=len(picture.data),
            added_at=acting.now,
            added_by=acting.person,
        )
        session.add(row)
        record(
            acting,
            session,
            "photo.added",
            "interview",
            response,
            engagement,
            item=item,
            digest=digest,
        )
        return row.id


def photo_file(acting: Acting, engagement: str, photo: str) -> Download:
    """Return a photo of an engagement; raises ``NotFoundError``."""
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        row = session.find(Attachment, photo)
        if row is None or row.removed_at is not None:
            raise NotFoundError
        if not _is_handed_in(_response(session, engagement, row.response_id)):
            raise NotFoundError
    return Download(file_store(acting.settings).path(row.digest), row.media_type, row.name)


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo beside an answer, by id and name."""

    id: str
    name: str


def photos_beside(acting: Acting, engagement: str, item: str) -> Mapping[str, tuple[Shown, ...]]:
    """Return the photos beside every answer to an item that the team may see, by response.

    Of people who answer by link those who have sent their answers. Raises ``NotFoundError``.
    """
    with acting.reading() as session:
        open_engagement(acting, session, engagement)
        rows = attachments_beside(session, engagement, item)
    found: dict[str, tuple[Shown, ...]] = {}
    for row, response in rows:
        if _is_handed_in(response):
            found[response.id] = (*found.get(response.id, ()), Shown(row.id, row.name))
    return found


def _is_handed_in(response: Response) -> bool:
    return response.kind != SELF or counts(response)


def remove_photo(acting: Acting, engagement: str, photo: str) -> tuple[str, str]:
    """Take a photo away from its answer; return the response and the item it was kept at.

    Raises ``NotFoundError``, ``NotAllowedError``, and ``ConflictError`` for a closed interview.
    """
    with acting.writing() as session:
        open_engagement(acting, session, engagement)
        acting.must_write()
        row = session.find(Attachment, photo)
        if row is None or row.removed_at is not None:
            raise NotFoundError
        _must_be_open(_response(session, engagement, row.response_id))
        row.removed_at = acting.now
        record(
            acting,
            session,
            "photo.removed",
            "interview",
            row.response_id,
            engagement,
            item=row.item,
            digest=row.digest,
        )
        return row.response_id, row.item


def _response(session: ScopedSession, engagement: str, response: str) -> Response:
    found = find_response(session, engagement, response)
    if found is None:
        raise NotFoundError
    return found


def _must_take_more(session: ScopedSession, response: Response) -> None:
    _must_be_open(response)
    if count_attachments(session, response.id) >= MOST:
        raise RefusedError({"photo": "一场访谈最多放{most}张照片，请先移走不用的。"}, most=MOST)


def _must_be_open(response: Response) -> None:
    if response.submitted_at is not None:
        raise ConflictError(SUBMITTED, "这场访谈已经结束，不能再改照片。重新打开后再试。")


def file_name(given: str) -> str:
    """Return a name for a kept photo: the last part of what the device called it, made harmless.

    Whatever a name may contain, it is only shown and offered for saving, never opened.
    """
    last = PurePosixPath(given.replace("\\", "/")).name
    shown = "".join(letter for letter in last if unicodedata.category(letter) not in _HIDDEN)
    stem = shown.rpartition(".")[0] or shown
    kept = " ".join(stem.split()).strip(". ")[:NAME_LIMIT]
    return f"{kept or 'photo'}.jpg"
