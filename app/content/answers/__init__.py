"""Answers files: the YAML an interviewer fills in, read into an ``Assessment``.

In reading order: ``reading`` (the file), ``client``, ``facts``, ``respondents``, ``plan`` (its
sections), ``control_wording`` (refused controls of the plan), ``graded`` (a value with its
evidence), ``readers`` (a reader per question type), ``values`` and ``numerals`` (single values),
``naming`` (ids and codes), ``mistakes``.
"""

from app.content.answers.plan import refuse_controls
from app.content.answers.reading import model_named, read_assessment

__all__ = ["model_named", "read_assessment", "refuse_controls"]
