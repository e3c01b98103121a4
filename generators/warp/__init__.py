"""The generator that needs no training: the base picture, pulled by its keypoints.

Given where each of K points was in the base picture (S) and where it is now (D), every pixel p of the new
picture is taken from the base picture at p + v(p). The field v is known at K places only, v(D_i) = S_i -
D_i, and has to be spread from there over the picture. The usual answers are thin plates or kriging, both of
which solve a K x K system: awkward as an ONNX graph with K left open, and ill-conditioned where points come
close together. We spread by *successive correction* (S. L. Barnes, "A technique for maximizing details in
numerical weather map analysis", J. Appl. Meteorology 3, 1964), which weather maps used for the same reason:

1. each place gets the mean of the K values, weighted by a wide Gaussian around each point;
2. at the points themselves the result is compared with what it should be, and the difference is spread in
   the same way with Gaussians half as wide, and added; and so on, four times in all.

The first pass carries the motion of the head, the later ones what single points do. It is a chain of matrix
products, and on the clips that it was tuned with its pictures came out no worse than kriging's.

The details:

* *Width.* The Gaussian of a point is as wide as its neighbours in the base picture are far (``REACH`` times
  the mean distance to the nearest three), so a dense group of points around the mouth acts locally, and a
  lone anchor in the background widely.
* *Background.* Every weighted mean has a small weight (``STILL``) for "no motion". Where all Gaussians have
  faded, this is what remains: far from every point the picture stays. If the camera moves, points in the
  background say so.
* *Outliers.* A point that contradicts its neighbours by far (``DOUBT``) is moved to where they would have
  it. The transition is smooth, so that a point does not flicker between belief and disbelief.
* *Distances* are in units of half the shorter side of the picture, so circles are circles at any aspect
  ratio.
* *Grid.* The field is computed on 64 x 64 places and interpolated linearly; it is smooth on that scale.
  Sampling in the base picture is bilinear, beyond its border the nearest pixel.

``settings`` has the constants, ``reference`` the formula in numpy, ``graph`` the same as ONNX. The tests
hold the two against each other.
"""
