"""A stream as one HTML page that needs nothing else: no network, no server, no second file.

``gfv inspect IN --format html`` writes it. The page shows what the other formats of inspect say, all of it at once and
connected: timeline, NAL units, messages with their bits, values, references, findings, plots, pictures.

One pass, blocks
    The page is written while the stream is read. What was gathered of some hundred messages goes out as a *block*: a
    script element of no executable type that holds deflated data as base64. So what Python holds does not grow with
    the stream, except for a few bytes per access unit, and the browser inflates only what it shows. Index blocks
    (where NAL units and messages are) are small and read when the page opens; payloads, outlines and values wait.

A message is its payload
    Names, descriptors and values of a hundred elements as text would be ten times the stream. So a block has the
    payload itself and its *outline* (:mod:`~gfv_sei.report.outline`), which says in two bytes per element what comes
    next; the page then reads the values from the bits, as a decoder does.

Nothing of the stream is markup
    Strings of the stream travel in blocks, whose alphabet has no ``<``, and the page shows them as text nodes. Its
    content security policy names the hash of its own script, so that no other script could run even if one got in,
    and forbids every connection.

Parts: :mod:`~gfv_sei.report.gather` reads the stream into blocks, :mod:`~gfv_sei.report.blocks` packs them,
:mod:`~gfv_sei.report.references` finds what messages predict from, :mod:`~gfv_sei.report.pictures` asks other packages
for pictures, :mod:`~gfv_sei.report.page` puts the page around all that. ``template/`` has the page's own HTML, CSS and
JavaScript: plain modern JavaScript, no framework, some files that are joined in order.
"""
