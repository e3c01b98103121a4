"""The syntax of GFV and GFVE: one description per structure and draft, and the coders that run it.

Descriptions: :mod:`~gfv_sei.syntax.gfv` (``vsei4``), :mod:`~gfv_sei.syntax.gfv_draft_b`,
:mod:`~gfv_sei.syntax.gfv_draft_a` and :mod:`~gfv_sei.syntax.gfve`. What they share is in ``parts``, ``coordinates``,
``matrices`` and ``face_parameters``. :mod:`~gfv_sei.syntax.editions` lists the descriptions of each edition, and
:mod:`~gfv_sei.syntax.payload_types` the payload types. You can put the standard beside a description and tick off the
lines. A description returns a layout (:mod:`~gfv_sei.syntax.layout`), which is all that later messages inherit.

Coders: :mod:`~gfv_sei.syntax.coder` has the vocabulary of descriptions. :mod:`~gfv_sei.syntax.reading` and
:mod:`~gfv_sei.syntax.writing` read and write messages, with a fast path for arrays in :mod:`~gfv_sei.syntax.rows`.
:mod:`~gfv_sei.syntax.noting` continues after errors and notes all of them, for the validator.
:mod:`~gfv_sei.syntax.drawing` takes every path through a description. The syntax tables of the reference pages and the
JSON Schema come from it; ``conditions`` puts the conditions in words. :mod:`~gfv_sei.syntax.limit` bounds the size of a
message.
"""
