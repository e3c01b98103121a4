"""Fuzzing: bytes that nobody meant, given to everything that reads.

``python -m conformance.fuzz TARGET --seconds N``, with atheris if it is installed (the extra ``fuzz``), which sees
what the code does and keeps the inputs that reach something new; otherwise with the same mutations from a random
generator with a seed, which is what the tests run. Its parts, each using those above it::

    limits         what one execution may take: processor time, memory; and which error it may end with
    packing        several messages in the bytes of one input
    mutation       changes to bytes and to JSON
    elements       changes to messages, element by element, and to NAL units and SEI messages around them
    seeds          inputs to begin with, made from the cases of the suite
    targets        the functions that take an input, each with its seeds and its mutator
    pathological   streams of any size, made while they are read: endless NAL units, sizes that lie, and their like
    plain, guided  the two ways to run a target
    __main__       the command

A target allows GfvError and nothing else, and where reading succeeds it asks for what the project promises: bits that
come back, bytes that stay. What breaks is written to a file; ``python -m conformance.fuzz TARGET FILE`` runs it again.
It becomes a named input under ``tests/fuzz/regressions`` when it is mended.

Why elements
    Bits of a GFV message that are changed blindly hardly ever get past its first count: the rest is then refused at
    once. So most changes are made to the elements of a message that is right, one has another value or is left out,
    and all behind it is put together again as it was. Nothing here obeys a range: the writer of the suite could not
    write what is wanted.
"""
