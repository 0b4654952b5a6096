"""Workbooks from strangers: what may hurt is refused, what is read is text and nothing but text."""

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from app.jobs.child import run_in_child
from app.jobs.errors import ChildError, ChildRefusedError
from app.jobs.limits import MEGABYTE, Limits
from app.jobs.reporter import Reporter
from app.services.workbooks.reading import MOST_PARTS, read_words
from tests.workspace import rebuilt, workbook

HONEST = workbook(["角色", "标签"], ["店长", "人民路店"])
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b"<worksheet>&b;</worksheet>"
)

IN_UTF_16 = BILLION_LAUGHS.decode().encode("utf-16")


@pytest.fixture
def reporter() -> Iterator[Reporter]:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    yield Reporter(Limits(), nowhere)
    os.close(nowhere)


def read(data: bytes, reporter: Reporter) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read_words(data, reporter))
    return found


def refusal(data: bytes, reporter: Reporter) -> str:
    with pytest.raises(ChildRefusedError) as refused:
        read_words(data, reporter)
    return str(refused.value)


def bomb(size: int, parts: int = 1) -> bytes:
    """A workbook with parts of ``size`` zeros: a thousand times smaller packed."""
    zeros = b"0" * size
    return rebuilt(HONEST, added={f"xl/worksheets/s{n}.xml": zeros for n in range(parts)})


def lying(data: bytes, name: str, told: int) -> bytes:
    """The same zip, whose directory tells another unpacked size for one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo(name).file_size
        local = archive.getinfo(name).header_offset
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    for start, field in ((place, 24), (local, 22)):
        assert struct.unpack_from("<I", data, start + field)[0] == true
        data = data[: start + field] + struct.pack("<I", told) + data[start + field + 4 :]
    return data


def overlapping() -> bytes:
    """A zip whose directory lists the same packed bytes many times under other names."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"0" * 100_000) + packed.flush()
    crc = zlib.crc32(b"0" * 100_000)
    fields = (8, 0, 0, crc, len(body), 100_000)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, *fields, 1, 0) + b"a" + body
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, *fields, 2, 0, 0, 0, 0, 0, 0)
        + f"{number:02}".encode()
        for number in range(90)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 90, 90, len(entries), len(local), 0)
    return local + entries + end


def test_an_honest_list_is_read_as_text(reporter: Reporter) -> None:
    data = workbook(["角色", "电话", "日期"], [], ["店长", 13800001234, True], ["", "", ""], ["末"])
    assert read(data, reporter) == {
        "sheet": "名单",
        "rows": [
            [1, ["角色", "电话", "日期"]],
            [3, ["店长", "13800001234", "TRUE"]],
            [5, ["末", "", ""]],
        ],
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-workbook"),
        (b"\x00" * 100, "not-a-workbook"),
        (b"PK\x03\x04 and then nothing of the kind", "not-a-workbook"),
        (HONEST[: len(HONEST) // 2], "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "old"),
        (bomb(90 * MEGABYTE), "too-large"),
        (bomb(30 * MEGABYTE, 4), "too-large"),
        (rebuilt(HONEST, added={f"x{n}": b"" for n in range(MOST_PARTS)}), "too-large"),
        (lying(bomb(2 * MEGABYTE), "xl/worksheets/s0.xml", 1000), "not-a-workbook"),
        (overlapping(), "not-a-workbook"),
        (rebuilt(HONEST, replaced={SHEET: BILLION_LAUGHS}), "declares"),
        (rebuilt(HONEST, replaced={SHEET: b"<!doctype x><worksheet/>"}), "declares"),
        (rebuilt(HONEST, replaced={SHEET: IN_UTF_16}), "not-a-workbook"),
        (
            rebuilt(HONEST, replaced={SHEET: b'<?xml version="1.0" encoding="UTF-7"?>+ADw-'}),
            "not-a-workbook",
        ),
        (rebuilt(HONEST, added={"xl/externalLinks/externalLink1.xml": b"<x/>"}), "outward"),
        (rebuilt(HONEST, added={"xl/connections.xml": b"<x/>"}), "outward"),
        (rebuilt(HONEST, added={"xl/vbaProject.bin": b"\xcc"}), "macros"),
        (rebuilt(HONEST, replaced={"xl/workbook.xml": b"<workbook>"}), "not-a-workbook"),
        (workbook(), "empty"),
        (workbook([""], [" "]), "empty"),
        (workbook(*([f"r{number}"] for number in range(2002))), "too-many-rows"),
    ],
)  # fmt: skip
def test_what_could_hurt_is_refused_with_the_reason(
    data: bytes, code: str, reporter: Reporter
) -> None:
    assert refusal(data, reporter) == code


def test_a_zip_with_a_password_is_refused(reporter: Reporter) -> None:
    place = HONEST.index(b"PK\x01\x02")
    locked = HONEST[: place + 8] + b"\x01\x00" + HONEST[place + 10 :]
    assert refusal(locked, reporter) == "locked"


def test_a_bomb_hurts_nobody_but_its_own_process() -> None:
    """Ninety megabytes of honest-looking cells that pack well enough to be let in."""
    row = "".join(f'<c r="A{n}" t="inlineStr"><is><t>{n:0>40}</t></is></c>' for n in range(200))
    rows = "".join(f'<row r="{number}">{row}</row>' for number in range(1, 5000))
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()[: 95 * MEGABYTE]
    data = rebuilt(HONEST, replaced={SHEET: sheet})
    limits = Limits(wall_seconds=10, cpu_seconds=10, memory_bytes=256 * MEGABYTE)
    with pytest.raises(ChildError):
        run_in_child(read_words, data, limits)


def test_a_formula_is_never_evaluated(reporter: Reporter) -> None:
    store = io.BytesIO()
    with xlsxwriter.Workbook(store) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["角色", "标签"])
        page.write_formula(1, 0, '=WEBSERVICE("http://evil.example")', None, "店长")
        page.write_formula(1, 1, "=1+1", None, "")
    assert read(store.getvalue(), reporter)["rows"][1] == [2, ["店长", ""]]


def test_a_hidden_sheet_is_not_looked_at(reporter: Reporter) -> None:
    store = io.BytesIO()
    with xlsxwriter.Workbook(store) as book:
        hidden, shown = book.add_worksheet("hidden"), book.add_worksheet("shown")
        hidden.write(0, 0, "secret")
        hidden.hide()
        shown.write(0, 0, "角色")
        shown.activate()
        shown.set_first_sheet()
    assert read(store.getvalue(), reporter) == {"sheet": "shown", "rows": [[1, ["角色"]]]}


def test_a_link_in_a_cell_is_no_reason_to_refuse_a_list(reporter: Reporter) -> None:
    store = io.BytesIO()
    with xlsxwriter.Workbook(store) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["角色", "邮箱"])
        page.write_url(1, 1, "mailto:a@b.example", string="a@b.example")
        page.write_datetime(1, 0, date(2026, 11, 22), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert read(store.getvalue(), reporter)["rows"][1] == [2, ["2026-11-22", "a@b.example"]]
