"""A comparison of two streams by their SEI messages: missing, added, moved and changed ones.

:mod:`~gfv_sei.comparison.side` reads the messages of a stream, :mod:`~gfv_sei.comparison.aligning` finds the pairs
that belong together, :mod:`~gfv_sei.comparison.differences` finds the differences within a pair, and
:mod:`~gfv_sei.comparison.compare` combines these steps.

Both streams are read side by side, once. A message waits for its partner until the other stream is some thousands of
messages ahead, so memory is bounded. A partner that comes later is not found, and the message counts as missing. The
differences come out in the order of the access units of A, as far as that is possible.

Nothing here depends on the codec. The index and type of a NAL unit differ between codecs by nature. So the comparison
of places uses the access unit, prefix or suffix, the layer, the nesting, and whether the message has a NAL unit of its
own. The order of messages within an access unit is not compared.
"""
