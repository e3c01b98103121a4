"""Streams: files and pipes of any size, in one pass and constant memory.

:mod:`~gfv_sei.stream.source` opens them, :mod:`~gfv_sei.stream.scanner` finds NAL units at the speed of C and copies
what lies between, and on top of these stand the four things one does with a stream: :mod:`~gfv_sei.stream.records`
reads messages, :mod:`~gfv_sei.stream.inject` and :mod:`~gfv_sei.stream.remove` change a stream and leave every other
byte as it was, :mod:`~gfv_sei.stream.survey` counts what is in it. :mod:`~gfv_sei.stream.order` says which picture is
shown when, and :mod:`~gfv_sei.stream.placement` finds by it the pictures that messages are for; for that alone a stream
is read twice.
"""
