"""A stream as one HTML page that needs nothing else: no network, no server, no second file.

``gfv inspect IN --format html`` writes it. The page shows everything that the other formats of inspect show, connected
in one place: timeline, NAL units, messages with their bits, values, references, findings, plots, pictures.

One pass, blocks
    The page is written while the stream is read. The data of some hundred messages is written as a *block*: a script
    element of a type that no browser executes, with deflated data as base64. So the memory of Python does not grow with
    the stream, except for a few bytes per access unit, and the browser inflates only what it shows. Index blocks
    (the positions of NAL units and messages) are small and read when the page opens. Payloads, outlines and values are
    read later.

A message is its payload
    The names, descriptors and values of a hundred elements as text would take ten times the size of the stream. So a
    block holds the payload itself and its *outline* (:mod:`~gfv_sei.report.outline`), which gives in two bytes per
    element what comes next. The page then reads the values from the bits, as a decoder does.

Nothing of the stream is markup
    Strings of the stream travel in blocks, whose alphabet has no ``<``, and the page shows them as text nodes. The
    content security policy of the page names the hash of its own script, so no other script could run even if one got
    in. The policy also forbids every connection.

Parts: :mod:`~gfv_sei.report.gather` reads the stream into blocks, :mod:`~gfv_sei.report.blocks` packs them,
:mod:`~gfv_sei.report.references` finds the messages from which each message is predicted,
:mod:`~gfv_sei.report.findings` adds the findings of the validator, :mod:`~gfv_sei.report.pictures` asks other packages
for pictures, and :mod:`~gfv_sei.report.page` writes the page around all of it. ``template/`` has the HTML, CSS and
JavaScript of the page. The JavaScript is plain and modern, without a framework, in several files that are joined in
order.
"""
