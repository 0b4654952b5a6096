"""What people type, read and checked: answers by the definitions of a model, and the workspace.

In reading order. Answers: ``fields`` (a field class and a reader per question type; start at
``fields.value``), ``numerals`` and ``words`` (single values), ``factory`` (a form class per
selection of a model), ``answers`` (a posted form or the JSON of an autosave to ``AnswerInput``).
The workspace: ``inputs`` (fields), ``places``, ``accounts``, ``clients``, ``invitations``,
``branding``. Both: ``translated`` (the base form), ``messages``.

Validation has no effects: nothing here stores, sends or looks anything up.

What a template reads
---------------------
Every field: ``name``, ``id``, ``label.text``, ``description``, ``errors`` (sentences, to be tied
to the input by ``aria-describedby``), ``flags.required``, ``render_kw`` (autocomplete and the
like), ``_value()`` (what the box shows; never that of a password). A choice is iterated: each
option has ``id``, ``name``, ``data`` (what it sends), ``label.text`` and ``checked``.

- ``LineField``, ``WordsField``: ``limit``. ``CountField``: ``hint``, ``unit``, ``low``,
  ``high``. ``PickField``: ``radio`` (buttons instead of a list).
- ``AnswerForm``: ``asked``, its items in order. An item has ``question`` (the question or fact
  part), ``value``, ``note``, and in a graded form ``evidence`` and ``quote``; these are fields.
- ``item.value``: ``question.type`` chooses the macro; ``hint`` (what is permitted, in a sentence),
  ``error`` (the first of ``errors``), ``raw`` (the strings as typed or stored), ``text`` (what a
  box shows), ``unknown`` ("don't know" is chosen), ``unit`` of a number. Iterated, it yields the
  options: of a choice and of yes or no with "don't know" and "not answered", of a multi with "none
  of these" and "don't know", of a number and of words "don't know" alone, as a box to tick beside
  the input. All inputs of a value share its ``name``. An empty hidden input of that name stands
  before every group of checkboxes: what is absent from a post was not on the page and stays as it
  was.
"""
