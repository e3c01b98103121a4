"""The NAL unit layer of AVC, HEVC and VVC: headers, types, access units, picture order, emulation prevention.

:mod:`~gfv_sei.nal.codec` holds the differences between the three codecs as data. :mod:`~gfv_sei.nal.access_units` finds
where access units begin. :mod:`~gfv_sei.nal.detect` tells the codecs apart, and :mod:`~gfv_sei.nal.escape` adds and
removes emulation prevention bytes. :mod:`~gfv_sei.nal.picture_order` finds which picture is shown when, with one module
of headers and one of order per codec (``avc_headers``, ``avc_order``, ...); ``parameter_sets`` has what the headers
share. :mod:`~gfv_sei.nal.formats` reads the picture formats from parameter sets.
"""
