"""Says the mistakes of conditions and formulas in the authors' Chinese.

The engine tells them in English with the names as written; each sentence has its counterpart here,
and a test holds the two complete.
"""

import re
from typing import Final

from app.domain.expression import ExpressionError

ALLOWED: Final = (
    "可以写：名字、数字、'文字'、true、false、and、or、not、== != < <= > >=、+ - * /、"
    "a if c else b，以及声明过的函数"
)
_KINDS: Final = {
    "a condition (true or false)": "条件（真或假）",
    "a number": "数字",
    "a text": "文字",
}
_KIND: Final = "|".join(re.escape(kind) for kind in _KINDS)

_SENTENCES: Final = tuple(
    (re.compile(pattern + r"\Z", re.DOTALL), chinese)
    for pattern, chinese in (
        (r"the expression has (\d+) characters; (\d+) are allowed", "有{0}个字符，最多{1}个"),
        (r"the expression is empty", "是空的"),
        (r"the expression is nested too deeply", "嵌套太深"),
        (r"the expression is nested more than (\d+) levels deep", "嵌套超过{0}层"),
        (r"parentheses are nested more than (\d+) levels deep", "括号嵌套超过{0}层"),
        (r"the expression has more than (\d+) parts", "超过{0}个部分"),
        (r"the expression breaks off after '(.+)'", "在「{0}」之后断了"),
        (r"an operator is missing between '(.+)' and '(.+)'", "「{0}」与「{1}」之间少一个运算符"),
        (r"two texts side by side; one operator is missing", "两段文字挨在一起，中间少一个运算符"),
        (
            r"'(.+)' stands right before a text; texts have no prefix",
            "「{0}」紧贴着文字；文字前不加字母",
        ),
        (r"a text holds printable characters only", "文字里只能有看得见的字符"),
        (
            r"this text is not closed; .+",
            "这段文字没有收尾：文字写在一行里的引号中，不用反斜杠",
        ),
        (r"this 'if' has no 'else'; write a if c else b", "「if」缺少「else」，写成a if c else b"),
        (r"this '\)' closes nothing", "多了一个「)」"),
        (r"this '\(' is never closed", "少了一个「)」"),
        (r"'(.+)' cannot stand here; allowed .+", "「{0}」不能放在这里；" + ALLOWED),
        (r"'(.+)' is not an operator here; allowed .+", "「{0}」不是这里的运算符；" + ALLOWED),
        (
            r"'(.+)' is not a number; write plain digits such as 1500 or 0\.45",
            "「{0}」不是数字；写成1500或0.45这样",
        ),
        (r"'(.+)' starts with a needless zero; write (.+)", "「{0}」多了前面的0，写成{1}"),
        (
            r"(.+) is a full-width or decorated character; write '(.+)'",
            "{0}是全角或变体字符，写成{1}",
        ),
        (r"(.+) is not part of the language; write straight quotes", "{0}不能用，请写直引号"),
        (r"(.+) is not part of the language; write a plain space", "{0}不能用，请写半角空格"),
        (r"(.+) is not part of the language; write ('.+')", "{0}不能用，请写{1}"),
        (r"(.+) is not part of the language; allowed .+", "{0}不能用；" + ALLOWED),
        (r"lists are not allowed; allowed .+", "不能写列表；" + ALLOWED),
        (r"'(.+)' is not allowed; allowed .+", "不能写「{0}」；" + ALLOWED),
        (r"only == != < <= > >= compare; allowed .+", "比较只用 == != < <= > >="),
        (r"only declared functions are called; allowed .+", "只能调用声明过的函数；" + ALLOWED),
        (
            rf"'(.+)' is ({_KIND}) and '(.+)' is ({_KIND}); "
            r"only two of the same kind can be compared",
            "「{0}」是{1}，「{2}」是{3}；只有同类的才能比较",
        ),
        (
            rf"'(.+)' is ({_KIND}); '(.+)' orders numbers only, use == or !=",
            "「{0}」是{1}；「{2}」只比较数字，请用 == 或 !=",
        ),
        (rf"(.+) needs ({_KIND}), but '(.+)' is ({_KIND})", "{0}要的是{1}，而「{2}」是{3}"),
        (rf"({_KIND}) is expected here, but '(.+)' is ({_KIND})", "这里要的是{0}，而「{1}」是{2}"),
        (rf"'(.+)' should be ({_KIND}), but its value is (.+)", "「{0}」应是{1}，取到的却是{2}"),
        (
            r"unknown function '(.+)'; did you mean (.+)\? declared are (.+)",
            "没有函数「{0}」，是不是{1}？可用的有：{2}",
        ),
        (r"unknown function '(.+)'; declared are (.+)", "没有函数「{0}」；可用的有：{1}"),
        (r"'(.+)' is a function; write (.+)", "「{0}」是函数，写成{1}"),
        (r"unknown name '(.+)'; did you mean (.+)\?", "没有名为「{0}」的东西，是不是{1}？"),
        (r"unknown name '(.+)'", "没有名为「{0}」的东西"),
        (
            r"(.+) takes ids, written plainly with underscores for hyphens, not '(.+)'",
            "{0}里直接写id，连字符写成下划线，不能写「{1}」",
        ),
        (r"(.+) takes (\d+) to (\d+) arguments, not (\d+)", "{0}要{1}到{2}个参数，现在{3}个"),
        (r"(.+) takes (\d+) arguments?, not (\d+)", "{0}要{1}个参数，现在{2}个"),
    )
)
_HYPHENS: Final = "; an id's hyphens are written as underscores"


def explain_expression(error: ExpressionError) -> str:
    """Return the mistake in Chinese; a sentence without counterpart as the engine said it."""
    message = str(error)
    hint = "；id里的连字符写成下划线" if message.endswith(_HYPHENS) else ""
    message = message.removesuffix(_HYPHENS).replace("the character U+", "字符U+")
    for pattern, chinese in _SENTENCES:
        found = pattern.match(message)
        if found:
            words = [_KINDS.get(word, word) for word in found.groups()]
            return chinese.format(*words) + hint
    return message + hint
