"""Random but permitted answers; the same source of randomness gives the same ones."""

import random
from fractions import Fraction

from app.domain.definitions.questionnaire import Question
from app.domain.response import AnswerValue


def random_answer(question: Question, random_: random.Random) -> AnswerValue:
    """Return an answer that the question permits."""
    if question.type == "choice":
        return random_.randint(1, 5)
    if question.type == "multi":
        return tuple(item.id for item in question.items if random_.random() < 0.5)
    if question.type == "yes-no":
        return random_.random() < 0.5
    if question.type == "text":
        return "一句话"
    low, high = int(question.minimum or 0), int(question.maximum or 100)
    return Fraction(random_.randint(low, min(high, low + 100)))
