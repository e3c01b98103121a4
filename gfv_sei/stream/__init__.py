"""Streams: files and pipes of any size, in one pass and constant memory.

:mod:`~gfv_sei.stream.source` opens streams and :mod:`~gfv_sei.stream.target` writes them.
:mod:`~gfv_sei.stream.scanner` finds NAL units at the speed of C and copies everything between them. Four operations
build on it: :mod:`~gfv_sei.stream.records` reads messages, :mod:`~gfv_sei.stream.inject` and
:mod:`~gfv_sei.stream.remove` change a stream and leave every other byte as it was, and :mod:`~gfv_sei.stream.survey`
counts the contents. :mod:`~gfv_sei.stream.extract` writes the records as JSON Lines, with the help of
:mod:`~gfv_sei.stream.json_text`. :mod:`~gfv_sei.stream.syntax_choice` finds the edition of the syntax.

:mod:`~gfv_sei.stream.order` finds which picture is shown when. :mod:`~gfv_sei.stream.placement` uses this order to find
the picture for each message. Only this needs to read a stream twice.
"""
