"""How much one answer may hold, whichever way it comes in: by file, by form, by autosave.

Lengths are in characters, line breaks included.
"""

from typing import Final

TEXT_LIMIT: Final = 2_000
"""The answer to a question in words."""

NOTE_LIMIT: Final = 500
"""What the interviewer notes beside an answer."""

QUOTE_LIMIT: Final = 500
"""The respondent's own words beside an answer."""

REASON_LIMIT: Final = 500
"""Why the consultant set a value, or decided upon a finding."""

FINDING_LIMIT: Final = 80
"""A finding in the consultant's words: a headline, or the page of conclusions overflows."""

RECOMMEND_LIMIT: Final = 1_000
"""What to do about a finding, in the consultant's words."""

LABEL_LIMIT: Final = 60
"""What tells two respondents of one role apart."""

NAME_LIMIT: Final = 80
"""The name of a client, a consultancy, a person; an industry."""

CONTACT_LIMIT: Final = 200
"""How to reach somebody, on one line."""

PASSWORD_SHORTEST: Final = 12
"""A password that a member chooses; there is no rule about its characters."""

CONFIDENTIALITY_WIDTH: Final = 100
"""A consultancy's own words on who may read a report: one line at the foot of every page. Counted
in letters; a Han character is as wide as two."""

LARGEST: Final = 10**12
"""The largest number, up or down."""

DECIMAL_PLACES: Final = 12
"""The most digits behind the point."""

YEARS: Final = range(2000, 2101)
"""The years a day may lie in."""
