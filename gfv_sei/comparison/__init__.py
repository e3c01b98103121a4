"""Two streams at the level of their SEI messages: what one has and the other has not, or has elsewhere, or otherwise.

:mod:`~gfv_sei.comparison.side` reads the messages of a stream, :mod:`~gfv_sei.comparison.aligning` finds the pairs
that belong together, :mod:`~gfv_sei.comparison.differences` says in what the two of a pair differ, and
:mod:`~gfv_sei.comparison.compare` puts them together.

Both streams are read side by side, once. A message waits for its partner until the other stream is some thousands of
messages further on, so memory is bounded, and a partner that comes later than that is not found: the message then
counts as missing. Differences come out in the order of access units of A, as far as that reaches.

Nothing of it depends on the codec. A NAL unit's index and type differ between codecs by nature, so what is compared of
the place of a message is its access unit, prefix or suffix, layer, nesting, and whether it has a NAL unit of its own.
The order of messages in an access unit is not compared.
"""
