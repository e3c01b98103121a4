"""Does a stream conform? One registry of rules, and checks that find what breaks them.

The package in one picture::

    stream         goes through a stream once and calls all checks; Checker does the same for payloads alone
    placement      NAL units: their bytes, headers and positions
    reading        one message: as a decoder reads it, or continuing after errors (gfv_sei.syntax.noting)
    checks         errors within one message
    picture_unit   errors between the messages of one picture unit
    history        errors between pictures: references, networks, base messages
    causes         the habit of a writer that most likely led to a finding
    rules          the registry: identifier, severity, demand, source; and the definition of a finding
    report, page   findings as text, JSON, JUnit; the rules as a page

The ranges, presence and order of elements are only in the syntax descriptions. A coder that notes errors and continues
runs these descriptions, and ``checks`` only assigns each note to a rule.

Memory does not grow with the stream. Of a message, at most a hash is kept beyond its access unit; of an identifier, a
few words. If every message of a stream would break a rule, the rule is reported once, or once per base message. The
text of the rule says so.
"""
