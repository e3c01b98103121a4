"""The meaning of syntax elements: values after prediction, the state between messages, and elements for values.

:mod:`~gfv_sei.meaning.derive` computes values, and :mod:`~gfv_sei.meaning.state` remembers them per identifier.
:mod:`~gfv_sei.meaning.encode` chooses syntax elements for values, and :mod:`~gfv_sei.meaning.rounding` has the ways to
round them. :mod:`~gfv_sei.meaning.header` has what a message says besides its values. :mod:`~gfv_sei.meaning.reserved`
finds messages that decoders shall ignore. :mod:`~gfv_sei.meaning.quirks` has the deviations of reference software as
switches. :mod:`~gfv_sei.meaning.sharing` saves memory for large arrays. All arithmetic is on integers in units of
2^-32, so nothing drifts.
"""
