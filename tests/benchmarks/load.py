"""``./run bench load``: a workshop scans the code on the wall; everybody answers; nothing is lost.

200 phones behind one address open their links within a minute on the real server, agree, have all
screens sent to them as the page's script does, save every answer as it is given, look it over and
hand it in. Each phone keeps a ledger of what the server acknowledged; afterwards the ledgers are
held against the log of answers: lost is what was acknowledged and is not there, doubled what is
there more than once, ghost what nobody sent.

The phones run on the same machine as the server and take their share of it.
"""

import argparse
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from app.services.acting import Acting
from app.services.invitations.inviting import Invited, invite
from app.services.tokens import derived_token
from app.settings import Settings
from app.store.answers import history_of
from app.store.database import Database
from app.store.doors import member_by_email
from app.store.engagements import list_engagements
from app.store.invitations import invited_responses
from app.store.scope import INSTALLATION
from tests.browser.site import Site, running

CLIENT: Final = "示例鲜果连锁"
ROLE: Final = "content"
FIRST_PAGE: Final = 1.0
"""Seconds in which 95 of 100 phones must have their first page."""
AHEAD: Final = 1.2
"""Seconds between two screens that static/js/respond.js fetches ahead."""
_CARD: Final = re.compile(
    r'<fieldset class="question[^"]*" id="([^"]+)" data-item="([^"]+)" data-kind="(\w+)"(.*?)'
    r"</fieldset>",
    re.DOTALL,
)
_CHOICE: Final = re.compile(
    r'<input type="(?:radio|checkbox)" name="[^"]+_value" id="[^"]+" value="([^"]+)"'
)
_FILE: Final = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_HIDDEN: Final = re.compile(r'name="(csrf_token|version)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Acked:
    """One line of a ledger: the server said that this answer is kept under this revision."""

    item: str
    key: str
    revision: int


@dataclass
class Told:
    """What all phones report: seconds by what was asked, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Phone:
    """One respondent with a browser of their own."""

    site: Site
    path: str
    told: Told
    pace: float
    chance: random.Random
    ledger: list[Acked] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection | None = None
    done: bool = False

    def use(self, start: float) -> None:
        """Come to the door at ``start`` and answer everything."""
        time.sleep(max(0.0, start - time.monotonic()))
        try:
            self._answer_all()
            self.done = True
        except (HTTPException, OSError, LookupError, ValueError) as error:
            with self.told.lock:
                self.told.wrong[f"{type(error).__name__}: {error}"] += 1
        finally:
            if self.connection is not None:
                self.connection.close()

    def _answer_all(self) -> None:
        door = self._get("first page", self.path)
        self._files(door)
        self._post("exchange", self.path, {"csrf_token": _hidden(door)["csrf_token"]})
        welcome = self._get("page", "/answer")
        self._post("consent", "/answer/consent", _hidden(welcome))
        first = self._get("page", "/answer/1")
        self._files(first)
        pages = [first]
        for number in range(2, len(re.findall(r"\d+", _between(first, 'data-done="', '"'))) + 1):
            time.sleep(AHEAD if number > 2 else 0)
            pages.append(self._get("page", f"/answer/{number}"))
        token = _between(first, '<meta name="csrf-token" content="', '"')
        for card in (card for page in pages for card in _CARD.finditer(page)):
            time.sleep(self.chance.uniform(0.5, 1.5) * self.pace)
            self._save(token, card[2], _value(card[3], _CHOICE.findall(card[4])))
        review = self._get("page", "/answer/review")
        self._post("hand in", "/answer/submit", {"csrf_token": _hidden(review)["csrf_token"]})
        if "respond.submit" in self._get("page", "/answer"):
            raise ValueError("not handed in")

    def _files(self, page: str) -> None:
        """Fetch what a page needs and the browser does not have yet."""
        for file in dict.fromkeys(_FILE.findall(page)):
            if file not in self.files:
                self.files.add(file)
                self._get("file", file)

    def _save(self, token: str, item: str, value: object) -> None:
        key = f"{self.chance.getrandbits(128):032x}"
        body = json.dumps({"item": item, "value": value, "note": "", "base": 0, "key": key})
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": token,
        }
        self.sent.add(key)
        answer = json.loads(self._ask("save", "POST", "/answer/answers", body, headers, 200))
        self.ledger.append(Acked(item, key, answer["revision"]))

    def _get(self, what: str, path: str) -> str:
        return self._ask(what, "GET", path, None, {}, 200)

    def _post(self, what: str, path: str, form: Mapping[str, str]) -> None:
        body = "&".join(f"{name}={value}" for name, value in form.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask(what, "POST", path, body, kind, 303)

    def _ask(
        self,
        what: str,
        method: str,
        path: str,
        body: str | None,
        headers: Mapping[str, str],
        wanted: int,
    ) -> str:
        begun = time.perf_counter()
        status, text = self._sent(method, path, body, headers)
        took = time.perf_counter() - begun
        with self.told.lock:
            self.told.seconds[what].append(took)
        if status != wanted:
            raise ValueError(f"{what}: status {status}")
        return text

    def _sent(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**headers, "Cookie": cookie, "Accept-Encoding": "gzip"}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (ConnectionError, HTTPException):
            # The server closes idle connections; browsers then open another one.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                pair = value.split(";", 1)[0].partition("=")
                self.cookies[pair[0]] = pair[2]
        data = answer.read()
        if answer.getheader("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        return answer.status, data.decode("utf-8", "replace")


def _hidden(page: str) -> dict[str, str]:
    return dict(_HIDDEN.findall(page))


def _between(page: str, before: str, after: str) -> str:
    return page.partition(before)[2].partition(after)[0]


def _value(kind: str, choices: Sequence[str]) -> object:
    """Return an answer as the script sends it: JSON."""
    if kind == "rows":
        return choices[min(1, len(choices) - 1)]
    if kind == "ticks":
        return [choices[0]]
    return "3" if kind == "box" else "周六的海报周五晚上才到。"


# -- before and after ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Workshop:
    """The engagement that people were invited to, and their invitations."""

    acting: Acting
    engagement: str
    invitations: tuple[str, ...]

    def path(self, invitation: str) -> str:
        """Return where a link leads."""
        key, tenant = self.acting.settings.key, self.acting.tenant
        return f"/i/{derived_token(key, 'invitation', tenant, invitation, 1)}"


def workshop(site: Site, phones: int) -> Workshop:
    """Invite as many people as there are phones."""
    settings = Settings(data=site.data)
    database = Database(settings.database_url)
    with database.reading(INSTALLATION) as session:
        owner = member_by_email(session, "owner@example.com")
    if owner is None:
        raise LookupError("the demo workspace has no owner")
    acting = Acting(
        database, settings, owner.tenant_id, owner.id, owner.name, "owner", datetime.now(UTC)
    )
    with acting.reading() as session:
        known = {client.name: row.id for row, client in list_engagements(session, None)}
    people = [Invited(ROLE, f"第{number}位") for number in range(1, phones + 1)]
    return Workshop(acting, known[CLIENT], invite(acting, known[CLIENT], people))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ledgers say of the log: all but ``kept`` must be nothing."""

    kept: int
    lost: int
    doubled: int
    ghosts: int
    unsent: int


def judged(found: Workshop, phones: Mapping[str, Phone]) -> Verdict:
    """Hold every phone's ledger against the log of answers."""
    kept = lost = doubled = ghosts = unsent = 0
    with found.acting.reading() as session:
        responses = invited_responses(session, found.engagement)
        for invitation, phone in phones.items():
            response = responses.get(invitation)
            log: Sequence[Any] = history_of(session, response.id) if response else ()
            there = Counter((row.item, row.key, row.revision) for row in log)
            acked = {(line.item, line.key, line.revision) for line in phone.ledger}
            kept += len(acked & there.keys())
            lost += len(acked - there.keys())
            doubled += len(log) - len({(row.item, row.key) for row in log})
            ghosts += len({row.key for row in log} - phone.sent)
            unsent += response is None or response.submitted_at is None
    return Verdict(kept, lost, doubled, ghosts, unsent)


def _figures(name: str, seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"    {name:<11}{len(ordered):>7,}   median {_ms(statistics.median(ordered))}"
        f"   p95 {_ms(p95)}   p99 {_ms(p99)}   worst {_ms(ordered[-1])}"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:7.0f} ms"


def bench(site: Site, phones: int, seconds: float, pace: float) -> bool:
    """Run the workshop, print what came of it, and tell whether everything that must holds."""
    found, told = workshop(site, phones), Told()
    using = {
        invitation: Phone(site, found.path(invitation), told, pace, random.Random(place))
        for place, invitation in enumerate(found.invitations)
    }
    begun = time.monotonic() + 1
    threads = [
        threading.Thread(target=phone.use, args=(begun + seconds * place / phones,))
        for place, phone in enumerate(using.values())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, saves = time.monotonic() - begun, len(told.seconds["save"])
    verdict = judged(found, using)
    doors = sorted(told.seconds["first page"])
    p95 = doors[min(len(doors) - 1, int(len(doors) * 0.95))] if doors else float("inf")
    done = sum(phone.done for phone in using.values())
    good = (
        done == phones
        and not told.wrong
        and (verdict.lost, verdict.doubled, verdict.ghosts, verdict.unsent) == (0, 0, 0, 0)
        and p95 <= FIRST_PAGE
    )
    print(
        f"{phones} phones behind one address, opened within {seconds:g} s, an answer every"
        f" {pace:g} s each: {done} handed in after {took:.0f} s\n"
        f"    saves {saves:,} ({saves / took:.0f} a second),"
        f" acknowledged and kept {verdict.kept:,}, lost {verdict.lost}, doubled {verdict.doubled},"
        f" ghosts {verdict.ghosts}, not handed in {verdict.unsent}   must be 0\n"
        f"    first page p95 {p95 * 1000:.0f} ms   must ≤ {FIRST_PAGE * 1000:.0f} ms"
        f"{'  ok' if good else '  NOT REACHED'}\n"
        f"    the machine's own load in the last minute: {os.getloadavg()[0]:.1f} on"
        f" {os.cpu_count()} cores"
    )
    for name, times in told.seconds.items():
        print(_figures(name, times))
    for words, count in told.wrong.most_common():
        print(f"    WRONG {count} × {words}")
    found.acting.database.dispose()
    return good


def main() -> None:
    """Load the demo workspace into a folder of its own, serve it, and let everybody in."""
    parser = argparse.ArgumentParser(prog="./run bench load", description=__doc__)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60, help="until the last one has come")
    parser.add_argument("--pace", type=float, default=4, help="seconds between two answers")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"],
            env={**os.environ, "ZHENMAI_DATA": folder, "ZHENMAI_MAIL": "file"},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        with running(Path(folder)) as site:
            good = bench(site, told.phones, told.seconds, told.pace)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
