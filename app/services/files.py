"""Where an installation keeps the files that rows name by digest, and what is sent of them."""

from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings
from app.store.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be sent: where its bytes lie, what they are, its names."""

    path: Path
    media_type: str
    name: str = ""
    """What it is saved as; empty for a picture that a page shows."""
    plain_name: str = ""
    """The name in ASCII, for programs that know no better; one is made where none is given."""


def file_store(settings: Settings) -> BlobStore:
    """Return the installation's one store of files."""
    return BlobStore(settings.data / "blobs")
