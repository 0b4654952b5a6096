"""The one context every format of a report is written from: plain values, texts and drawings.

Each part of the report has a module here with a frozen dataclass and a ``build`` function. Parts
hold str, int, bool, None, date, tuples, nested parts and ready ``Markup`` drawings, never rows,
never domain objects, so that a template can do nothing but print.
"""
