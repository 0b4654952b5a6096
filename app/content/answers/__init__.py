"""Answers files: the YAML an interviewer fills in, read into an ``Assessment`` and written from it.

In reading order: ``reading`` (the file), ``client``, ``facts``, ``respondents``, ``decisions``,
``plan`` (its sections), ``control_wording`` (refused controls of the plan), ``graded`` (a value
with its evidence), ``readers`` (a reader per question type), ``values`` and ``numerals`` (single
values), ``naming`` (ids and codes), ``mistakes``; then ``writing`` (the file) and ``spelling`` (how
a value is written).
"""

from app.content.answers.plan import refuse_controls
from app.content.answers.reading import model_named, read_assessment
from app.content.answers.writing import write_assessment

__all__ = ["model_named", "read_assessment", "refuse_controls", "write_assessment"]
