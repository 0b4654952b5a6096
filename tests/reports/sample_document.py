"""A two-page document with everything that a report has: contents, table, drawing, bookmarks."""

from datetime import date

from app.reporting.fonts import FONT_STACK
from app.reporting.pdf import render_pdf
from app.reporting.rendering import RenderedPdf

STYLE = f"""
@page {{
  size: A4;
  @bottom-center {{ content: counter(page) " / " counter(pages); font-family: {FONT_STACK} }}
}}
html {{ font-family: {FONT_STACK} }}
nav a::after {{ content: leader("...") target-counter(attr(href), page) }}
h2 {{ break-before: page }}
li::before {{ content: "\\2713  " }}
"""

CHART = f"""
<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" font-family="{FONT_STACK}">
  <title>三钥得分的雷达图</title>
  <text x="5" y="20" font-weight="700">雷达图</text>
</svg>
"""

BODY = f"""
<h1>增长诊断</h1>
<nav><a href="#next">对策</a></nav>
<p>微信加粉<b>三百家门店</b>，张喆与𠮷野商谈。</p>
<ul><li>十家店</li></ul>
<table>
  <thead><tr><th scope="col">门店</th><th scope="col">人数</th></tr></thead>
  <tbody><tr><td>三百家</td><td>7</td></tr></tbody>
</table>
{CHART}
<h2 id="next">对策与编制</h2>
<h3>第一步</h3>
<p>十家店15天试点。</p>
"""


def render(body: str = BODY, style: str = STYLE, **assets: bytes) -> RenderedPdf:
    head = '<!doctype html><html lang="zh-Hans"><head><title>t</title></head>'
    return render_pdf(
        f"{head}<body>{body}</body></html>",
        {"print.css": style},
        {name.replace("_", "."): data for name, data in assets.items()},
        title="示例诊断报告",
        author="示例咨询",
        language="zh-Hans",
        identifier="5a3f",
        created=date(2026, 11, 21),
    )
