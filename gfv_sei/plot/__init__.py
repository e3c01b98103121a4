"""A stream as a picture: parameters over time, bits per picture, tracks of keypoints.

:mod:`~gfv_sei.plot.series` reads the numbers, in plain Python; :mod:`~gfv_sei.plot.draw` draws them with matplotlib,
which the extra ``plot`` brings, and imported only there.

The axis of time is the pictures that a player of one face shows, in output order: coded pictures, and behind each one
those that are generated from its messages. The same stream gives the same file, byte for byte, with one version of
matplotlib: no dates, no configuration of the user, fixed identifiers.
"""

FORMATS = ("png", "svg")
"""What a plot can be a file of."""
