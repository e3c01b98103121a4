"""Constants of the warp, tuned on the face clips by the PSNR of whole sequences. The optimum is flat."""

GRID = 64
"""The field is computed on GRID x GRID places."""

PASSES = 4
"""Number of passes of successive correction; each halves the width of the Gaussians."""

REACH = 2.0
"""Standard deviation of the first Gaussian of a point, in mean distances to its neighbours."""

NEIGHBOURS = 3
"""How many nearest neighbours that mean takes."""

NARROWEST, WIDEST = 0.06, 0.6
"""Limits of that standard deviation, in half sides of the picture."""

STILL = 0.2
"""Weight of "no motion" in each mean, where a point itself has 1."""

DOUBT = 0.3
"""Contradiction to its neighbours, in half sides, at which a point is believed half."""

SELF = 0.05
"""Weight of a point among its own neighbours: a lone one is then its own witness, and believed."""

LIMIT = 2.0
"""Coordinates are clipped to -LIMIT to LIMIT, whatever a stream holds."""

ABSENT = 1e3
"""Stands for the distance of a point to itself, so that it is not its own neighbour."""
