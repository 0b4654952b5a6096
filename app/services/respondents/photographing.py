"""Photos a respondent keeps beside answers: for the consultant's eyes, no report prints them.

A photo is drawn anew before it is kept, so that place, time and device are gone from it. Phones
with bad reception send the same one twice; it is kept once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.services.acting import Acting
from app.services.answers.attaching import file_name
from app.services.answers.pictures import PHOTO, cleaned_picture
from app.services.errors import NotFoundError, RefusedError
from app.services.files import Download, file_store
from app.services.record.recording import record
from app.services.respondents.responding import (
    Photo,
    held_response,
    items_of,
    model_for,
    not_taken,
    own_rows,
    photos_in,
    plan_for,
    state_of,
)
from app.store.attachments import attachments_of
from app.store.rows import Attachment, Response
from app.store.scope import ScopedSession
from app.store.types import new_id

MOST: Final = 30
"""Photos of one respondent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo as it is kept, and all those beside the same answer."""

    id: str
    photos: tuple[Photo, ...]


def keep_photo(acting: Acting, item: str, data: bytes, name: str) -> Kept:
    """Keep a photo beside the answer to ``item``; the same one again changes nothing.

    Raises ``NotFoundError`` for a void link and for what the role is not asked, ``ConflictError``
    where no answers are taken, ``PictureRefusedError`` and ``RefusedError`` for too many.
    """
    with acting.reading() as session:
        # Whoever may not keep a photo here does not get to have one drawn either.
        own = own_rows(acting, session)
        state = state_of(own.response)
        if own.response is None or state != "answering":
            raise not_taken(state)
        _must_take_more(attachments_of(session, [own.response.id]))
        response = own.response.id
    plan = plan_for(own, model_for(acting, own))
    if item not in {one.id for one in items_of(plan)}:
        raise NotFoundError
    picture = cleaned_picture(data, PHOTO)
    digest = file_store(acting.settings).put(picture.data)
    with acting.writing() as session:
        found = held_response(acting, session, own_rows(acting, session))
        kept = attachments_of(session, [response])
        same = next((row for row in kept if (row.item, row.digest) == (item, digest)), None)
        if same is not None:
            return Kept(same.id, photos_in(kept, item))
        _must_take_more(kept)
        row = Attachment(
            id=new_id(),
            response_id=found.id,
            item=item,
            digest=digest,
            name=file_name(name),
            media_type=picture.media_type,
            size=len(picture.data),
            added_at=acting.now,
        )
        session.add(row)
        _record(acting, session, "photo.added", found, row)
        return Kept(row.id, photos_in([*kept, row], item))


def own_photo(acting: Acting, photo: str) -> Download:
    """Return a photo the respondent sent; raises ``NotFoundError``."""
    with acting.reading() as session:
        row = _own(session, own_rows(acting, session).response, photo)
    return Download(file_store(acting.settings).path(row.digest), row.media_type, row.name)


def drop_photo(acting: Acting, photo: str) -> str:
    """Take a photo away and return the item it was kept at.

    Raises ``NotFoundError``, and ``ConflictError`` where no answers are taken.
    """
    with acting.writing() as session:
        own = own_rows(acting, session)
        row = _own(session, own.response, photo)
        found = held_response(acting, session, own)
        row.removed_at = acting.now
        _record(acting, session, "photo.removed", found, row)
        return row.item


def _own(session: ScopedSession, response: Response | None, photo: str) -> Attachment:
    row = session.find(Attachment, photo)
    if (
        row is None
        or response is None
        or row.response_id != response.id
        or row.removed_at is not None
    ):
        raise NotFoundError
    return row


def _must_take_more(kept: Sequence[Attachment]) -> None:
    if len(kept) >= MOST:
        raise RefusedError({"photo": "一份问卷最多放{most}张照片，请先移走不用的。"}, most=MOST)


def _record(
    acting: Acting, session: ScopedSession, action: str, found: Response, row: Attachment
) -> None:
    record(
        acting,
        session,
        action,
        "response",
        found.id,
        found.engagement_id,
        item=row.item,
        digest=row.digest,
    )
