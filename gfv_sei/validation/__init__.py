"""Does a stream conform? Rules in one registry, and checks that walk over a stream and find what breaks them.

The package in one picture::

    stream         goes through a stream once and asks everybody; Checker does so for payloads alone
    placement      NAL units: their bytes, headers, and where they stand
    reading        one message: as a decoder reads it, or on behind what is wrong (gfv_sei.syntax.noting)
    checks         what is wrong within one message
    picture_unit   what is wrong between the messages of one picture unit
    history        what is wrong between pictures: references, networks, base messages
    causes         which habit of a writer most likely led to a finding
    rules          the registry: identifier, severity, demand, source; and what a finding is
    report, page   findings as text, JSON, JUnit; the rules as a page

Ranges, presence and order of elements stand in the syntax descriptions and nowhere else: a coder that notes and reads
on runs them, and ``checks`` only says which rule a note is about.

Memory does not grow with the stream: of a message at most a hash outlives its access unit, of an identifier a few
words. A rule that a whole stream would break at every message is reported once, or once per base message; its demand
says so.
"""
