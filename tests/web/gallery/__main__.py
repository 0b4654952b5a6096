"""Serve the gallery: ``python -m tests.web.gallery``, then open the address it prints.

``/components?en`` is a page in English, ``/components`` in Chinese.
"""

from tests.web.gallery.serving import PAGES, gallery_server

if __name__ == "__main__":
    with gallery_server(8099) as address:
        for name in PAGES:
            print(f"{address}/{name}  {address}/{name}?en")  # noqa: T201 # this is what it is for
        input()
