"""Contradictions: what people claim of their company, and a number that cannot agree with it."""

from app.domain.definitions.record import Text, record
from app.domain.definitions.rule import RuleExamples


@record
class Contradiction:
    """One pair of a claim and a number.

    ``claim`` is what was said, in the words of the level or item that was chosen; ``when`` the
    condition under which the numbers cannot agree with it. It is read in three-valued logic from
    answers and facts alone, and never holds while either side is unknown. ``says`` are sentences
    with the numbers in ``{expression}`` slots; one with an unknown number is not printed.
    ``areas`` are those whose confidence falls. ``ask`` is the one question to ask next, word for
    word, put to ``roles`` while looking at ``ask_to_see``. ``examples`` are run as tests.
    """

    id: str
    code: str
    title: Text
    claim: Text
    when: str
    says: tuple[Text, ...]
    areas: tuple[str, ...]
    roles: tuple[str, ...]
    ask: Text
    ask_to_see: Text
    examples: RuleExamples
