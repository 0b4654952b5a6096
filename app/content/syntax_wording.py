"""Says to an interviewer what libyaml means."""

from collections.abc import Mapping
from typing import Final

_ADVICE: Final[Mapping[str, str]] = {
    "mapping values are not allowed in this context": (
        "这里不该出现「: 」。请核对缩进；若冒号是文字的一部分，给整段文字加引号"
    ),
    "found character that cannot start any token": (
        "这个字符不能开头。缩进请用空格、不用Tab；以@、%、反引号开头的文字请加引号"
    ),
    "found unexpected end of stream": "引号没有配对，请补上后一个引号",
    "found a tab character that violates indentation": "缩进里有Tab，请改用空格",
    "found a tab character where an indentation space is expected": "缩进里有Tab，请改用空格",
    "did not find expected key": "这一行与上文对不齐，或上一行少了引号、逗号，请核对缩进",
    "did not find expected '-' indicator": "列表项没有对齐，每项以「- 」开头、缩进相同",
    "did not find expected ',' or ']'": "列表没有写完：少了逗号「,」或右方括号「]」",
    "did not find expected ',' or '}'": "花括号没有写完：少了逗号「,」或右花括号「}」",
    "did not find expected node content": "这里少一个值，或多写了一个逗号",
    "could not find expected ':'": "键后面少了冒号：请写半角冒号加一个空格「: 」",
    "found unexpected ':'": "冒号后面要空一格，写成「: 」；没有值就删去这个键",
    "block sequence entries are not allowed in this context": (
        "「- 」不能写在这里：列表请另起一行"
    ),
    "did not find expected <document start>": "内容到前面已经结束，请删去多余的部分",
    "found unknown escape character": "双引号里的反斜杠写法不对，请改用单引号",
    "did not find expected hexdecimal number": "双引号里的反斜杠写法不对，请改用单引号",
    "found invalid Unicode character escape code": "双引号里的反斜杠写法不对，请改用单引号",
    "did not find expected alphabetic or numeric character": ("以&或*开头的文字请加引号"),
}


def explain_syntax(problem: str | None) -> str:
    """Return one sentence for what the parser reported: what is wrong and what to do."""
    advice = _ADVICE.get(problem or "")
    if advice is None:
        return f"不是合法的YAML（{problem or '原因不明'}），请核对这一行的引号、括号和缩进。"
    return f"不是合法的YAML：{advice}。"
