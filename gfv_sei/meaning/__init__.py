"""What syntax elements mean: values after prediction, the state between messages, and the way back.

:mod:`~gfv_sei.meaning.derive` computes values, :mod:`~gfv_sei.meaning.state` remembers them per identifier,
:mod:`~gfv_sei.meaning.encode` chooses syntax elements for values, :mod:`~gfv_sei.meaning.rounding` says how they are
rounded, :mod:`~gfv_sei.meaning.reserved` what decoders shall ignore. Arithmetic is on integers in units of 2^-32
throughout, so nothing drifts.
"""
