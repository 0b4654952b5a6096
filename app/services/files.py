"""Where an installation keeps the files that rows name by digest."""

from app.settings import Settings
from app.store.blobs import BlobStore


def file_store(settings: Settings) -> BlobStore:
    """Return the installation's one store of files."""
    return BlobStore(settings.data / "blobs")
