"""Fuzzing: malformed bytes for everything that reads.

The command is ``python -m conformance.fuzz TARGET --seconds N``. If atheris is installed (the extra ``fuzz``), it
watches what the code does and keeps the inputs that reach something new. Otherwise a random generator with a seed makes
the same mutations; this is what the tests run. The parts, each using those above it::

    limits         the limits of one execution: processor time, memory, and the errors that it may end with
    packing        several messages in the bytes of one input
    mutation       changes to bytes and to JSON
    elements       changes to messages, element by element, and to NAL units and SEI messages around them
    seeds          inputs to begin with, made from the cases of the suite
    targets        the functions that take an input, each with its seeds and its mutator
    pathological   streams of any size, made while they are read: endless NAL units, sizes that lie, and similar
    plain, guided  the two ways to run a target
    __main__       the command

A target may raise GfvError and nothing else. Where reading succeeds, the target checks what the project promises: the
same bits come back, and all other bytes stay. An input that fails is written to a file, and
``python -m conformance.fuzz TARGET FILE`` runs it again. When the defect is fixed, the input gets a name under
``tests/fuzz/regressions``.

Why elements
    After a blind change of its bits, a GFV message hardly ever gets past its first count, because the rest is refused
    at once. So most changes are made to the elements of a correct message: one element gets another value or is left
    out, and everything behind it is put together again as it was. Nothing here respects the ranges of elements, so the
    writer of the suite could not write these messages.
"""
