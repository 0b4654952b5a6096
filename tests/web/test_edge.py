"""What holds for every request, whoever makes it."""

import pytest

from tests.people import Installed


def test_a_page_runs_nothing_but_our_own_files_and_is_framed_nowhere(installed: Installed) -> None:
    response = installed.browser(None).get("/healthz")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in response.headers["Vary"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000"])
def test_a_forged_host_is_refused(installed: Installed, host: str) -> None:
    client = installed.browser(None)
    assert client.get("/healthz", headers={"Host": host}).status_code == 400
    told = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": host}
    assert host.encode() not in client.get("/healthz", headers=told).data
