"""A message of a stream as Python that makes it again: a regression test to paste.

:mod:`~gfv_sei.codify.stream` reads the messages, :mod:`~gfv_sei.codify.history` finds the earlier messages from which a
message is predicted, :mod:`~gfv_sei.codify.absolute` codes a message again without prediction, and
:mod:`~gfv_sei.codify.text` prints the program.

The contents of a stream reach the program only as literals of ASCII characters, never as code.
"""
