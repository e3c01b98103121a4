"""A message of a stream as Python that makes it again: a regression test in one paste.

:mod:`~gfv_sei.codify.history` finds the messages that a message cannot do without, since it is predicted from them;
:mod:`~gfv_sei.codify.absolute` codes it anew so that it stands alone; :mod:`~gfv_sei.codify.text` prints the program.

Whatever a stream says reaches the program as a literal of ASCII characters, never as code.
"""
