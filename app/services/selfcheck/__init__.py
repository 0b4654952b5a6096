"""The public self-check of a consultancy: strangers answer, see their result, may ask for more.

In reading order: ``house`` (whose it is), ``beginning`` (consent, the browser's token),
``answering`` (screen by screen), ``result`` (what the answers come to), ``printing`` (the three
pages), ``asking`` (handing over), ``leads`` (what the consultancy does with it), ``forgetting``.
"""
