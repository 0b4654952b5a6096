"""What must not pass in silence: every hole in a document stops its render with a reason."""

import socket
from datetime import date

import pytest

from app.reporting.fonts import FONT_STACK
from app.reporting.pdf import render_pdf
from app.reporting.rendering import MissingGlyphError, RenderError
from tests.reports.sample_document import STYLE, render


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "http://[::1]:9/x.png",
        "https://example.invalid/x.png",
        "ftp://127.0.0.1/x.png",
        "data:image/png;base64,AAAA",
        "ASSET:../secret",
    ],
)
def test_an_address_outside_the_assets_stops_the_render(address: str) -> None:
    with pytest.raises(RenderError, match="only asset: may be"):
        render(f'<img src="{address}" alt="x">')


OUTSIDE = ("file:///etc/passwd", "http://169.254.169.254/latest")
"""What a document must not reach: files, the cloud the machine runs in."""


@pytest.mark.parametrize("address", OUTSIDE)
@pytest.mark.parametrize(
    "body",
    [
        '<style>@import "{}";</style>',
        "<style>@font-face {{ font-family: x; src: url({}) }} p {{ font-family: x }}</style><p>x",
        '<p style="background-image: url({})">x</p>',
        "<style>p::before {{ content: url({}) }}</style><p>x",
        '<ul style="list-style-image: url({})"><li>x</ul>',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">x</a>',
        '<object data="{}"></object>',
        '<embed src="{}">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="{}" width="9" height="9"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<style>@import "{}";</style></svg>',
    ],
)
def test_no_way_of_asking_reaches_outside(body: str, address: str) -> None:
    with pytest.raises(RenderError, match=r"only asset: may be|Relative URI|Failed to load"):
        render(body.format(address))


def test_a_server_that_would_lead_elsewhere_is_not_even_asked() -> None:
    """No address is allowed, so none can redirect to another one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        with pytest.raises(RenderError, match="only asset: may be"):
            render(f'<img src="http://127.0.0.1:{port}/redirect.png" alt="x">')
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "body",
    [
        '<img src="asset:absent.png" alt="x">',
        '<link rel="stylesheet" href="asset:absent.css">',
        '<style>@import "asset:absent.css";</style>',
        '<p style="background: url(asset:absent.png)">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="asset:absent.png" width="9" height="9"/></svg>',
    ],
)
def test_a_missing_asset_stops_the_render_by_its_name(body: str) -> None:
    with pytest.raises(RenderError, match=r"asset:absent\.(png|css)"):
        render(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<link rel="stylesheet" href="print.css">', "Relative URI"),
        ('<link rel="attachment" href="file:///etc/passwd">', "only asset"),
        ('<p style="colour: red">x</p>', "unknown property"),
        ('<a href="#nowhere">x</a>', "No anchor #nowhere"),
        ('<p id="a">x</p><p id="a">y</p>', "Anchor defined twice"),
        ('<img src="asset:broken.png" alt="x">', "Failed to load image"),
    ],
)
def test_what_weasyprint_would_only_log_is_an_error(body: str, words: str) -> None:
    with pytest.raises(RenderError, match=words):
        render(body, broken_png=b"not a picture")


def test_an_unknown_property_in_a_style_sheet_is_an_error() -> None:
    with pytest.raises(RenderError, match="unknown property"):
        render(style=STYLE + "p { text-colour: red }")


def test_a_character_without_glyph_is_told_with_its_place() -> None:
    with pytest.raises(MissingGlyphError) as caught:
        render('<div><p class="note">店长王\ue123明认为可行</p></div><p>👍</p>')
    assert caught.value.characters == ("\ue123", "👍")
    message = str(caught.value)
    assert "U+E123" in message
    assert "p.note" in message
    assert "店长王" in message


@pytest.mark.parametrize("code", ["&#xe123;", "\ue123"])
def test_a_character_without_glyph_is_found_however_it_is_written(code: str) -> None:
    with pytest.raises(MissingGlyphError, match="U\\+E123"):
        render(f"<p>{code}</p>")


def test_a_character_without_glyph_is_found_in_generated_content() -> None:
    with pytest.raises(MissingGlyphError, match=r"style sheet print\.css"):
        render(style=STYLE + 'p::before { content: "\\e123" }')


def test_a_character_without_glyph_is_found_inside_a_drawing() -> None:
    with pytest.raises(MissingGlyphError, match="svg > text"):
        render(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" '
            f'font-family="{FONT_STACK}"><title>x</title><text y="9">\ue123</text></svg>'
        )


def test_a_drawing_set_in_a_font_of_the_machine_is_refused() -> None:
    with pytest.raises(RenderError, match="font stack"):
        render(
            '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><title>x</title>'
            '<text y="15">雷达图</text></svg>'
        )


def test_a_margin_box_set_in_a_font_of_the_machine_is_refused() -> None:
    with pytest.raises(RenderError, match="font stack"):
        render("<p>x</p>", STYLE.replace(f"; font-family: {FONT_STACK}", "; font-family: serif"))


def test_a_drawing_without_a_title_is_refused() -> None:
    """It would have no text alternative, which PDF/UA asks of every figure."""
    with pytest.raises(RenderError, match="has no <title>: html > body > p > svg"):
        render(
            '<p><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
            '<rect width="9" height="9"/></svg></p>'
        )


def test_a_page_in_another_language_than_announced_is_refused() -> None:
    with pytest.raises(RenderError, match="lang"):
        render_pdf(
            f'<html lang="en"><body style="font-family:{FONT_STACK}">x',
            {},
            {},
            title="t",
            author="a",
            language="zh-Hans",
            identifier="1",
            created=date(2026, 1, 1),
        )
