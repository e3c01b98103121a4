"""Does a stream conform? Rules in one registry, and a checker that walks over the messages of a stream.

:mod:`~gfv_sei.validation.rules` lists every rule with identifier, severity and source,
:mod:`~gfv_sei.validation.checks` finds where a message or a picture unit breaks one, and
:mod:`~gfv_sei.validation.stream` goes through a stream. What the syntax descriptions themselves refuse (ranges,
presence, counts beyond the payload) comes out under the rules SYN and PRED with the place that the reader found.
"""
