"""The generator that needs no training: the base picture, pulled by its keypoints.

For each of K points, the position in the base picture (S) and the current position (D) are given. Every pixel p of the
new picture is taken from the base picture at p + v(p). The field v is known only at K places, v(D_i) = S_i - D_i, and
must be spread from there over the picture. The usual methods are thin plates and kriging. Both solve a K x K system,
which is awkward in an ONNX graph with K left open, and ill-conditioned where points come close together. We spread by
*successive correction* (S. L. Barnes, "A technique for maximizing details in numerical weather map analysis", J. Appl.
Meteorology 3, 1964), which weather maps used for the same reason:

1. Each place gets the mean of the K values, weighted by a wide Gaussian around each point.
2. At the points themselves, the result is compared with the value that it should have. The difference is spread in the
   same way with Gaussians half as wide, and added. This is repeated, up to four passes in all.

The first pass carries the motion of the head, and the later passes the motion of single points. The method is a chain
of matrix products. On the clips on which it was tuned, its pictures were no worse than those of kriging.

The details:

* *Width.* The width of a point's Gaussian depends on its neighbours in the base picture: it is ``REACH`` times the mean
  distance to the nearest three. So a dense group of points around the mouth acts locally, and a single point in the
  background acts widely.
* *Background.* Every weighted mean has a small weight (``STILL``) for "no motion". Where all Gaussians have faded, only
  this weight remains, so the picture stays still far from every point. If the camera moves, points in the background
  show it.
* *Outliers.* A point that contradicts its neighbours strongly (``DOUBT``) is moved to where they would place it. The
  transition is smooth, so the point does not flicker between the two positions.
* *Distances* are in units of half the shorter side of the picture, so circles are circles at any aspect ratio.
* *Grid.* The field is computed at 64 x 64 places and interpolated linearly, because it is smooth on that scale.
  Sampling in the base picture is bilinear. Beyond its border, the nearest pixel is used.

``settings`` has the constants, ``reference`` the formula in numpy, and ``graph`` the same formula as ONNX. The tests
compare the two.
"""
