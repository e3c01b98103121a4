"""The syntax of GFV and GFVE: one description per structure and draft, and the coders that run along it.

Descriptions: :mod:`~gfv_sei.syntax.gfv` (``vsei4``), :mod:`~gfv_sei.syntax.gfv_draft_b`,
:mod:`~gfv_sei.syntax.gfv_draft_a`, :mod:`~gfv_sei.syntax.gfve`, with what they share in ``parts``, ``coordinates``,
``matrices`` and ``face_parameters``. :mod:`~gfv_sei.syntax.editions` lists which draft is made of which.

Coders: :mod:`~gfv_sei.syntax.coder` has the vocabulary, :mod:`~gfv_sei.syntax.reading` and
:mod:`~gfv_sei.syntax.writing` run it. A reader can put the standard beside a description and tick off the lines; what
the description returns (:mod:`~gfv_sei.syntax.layout`) is all that later messages inherit. One more coder,
:mod:`~gfv_sei.syntax.drawing`, goes every way through a description and so draws the syntax table of the reference
pages and of the JSON Schema.
"""
