"""The NAL unit layer of AVC, HEVC and VVC: headers, types, and emulation prevention.

:mod:`~gfv_sei.nal.codec` holds what differs between the three codecs as data, :mod:`~gfv_sei.nal.access_units` finds
where access units begin, :mod:`~gfv_sei.nal.detect` tells the codecs apart.
"""
