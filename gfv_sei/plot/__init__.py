"""A stream as a picture: parameters over time, bits per picture, tracks of keypoints.

:mod:`~gfv_sei.plot.series` reads the numbers, in plain Python. :mod:`~gfv_sei.plot.draw` draws them, and is the only
module that imports matplotlib (extra ``plot``).

The time axis has the pictures that a player of one face shows, in output order: each coded picture, followed by the
pictures that are generated from its messages. With one version of matplotlib, the same stream gives the same file, byte
for byte: no dates, no user configuration, fixed identifiers.
"""

FORMATS = ("png", "svg")
"""What a plot can be a file of."""
