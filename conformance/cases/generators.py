"""The parameter sets of generators that are in use, each as its method has it.

Sources are the papers of the methods; which element carries which parameter is said by the reference encoder for FOMM
and by its manual for types of matrices, and is our reading for the rest.
"""

from __future__ import annotations

import math

from conformance.case import case
from conformance.numbers import Matrix, keypoints, matrices, matrix
from conformance.sketch import Sketch


def rotation(step: int) -> Matrix:
    """A head that turns a little with each step, as a 3x3 rotation; rounded, so that it is the same everywhere."""
    yaw, pitch = 0.05 * step, -0.02 * step
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    rows = [[cy, sy * sp, sy * cp], [0.0, cp, -sp], [-sy, cy * sp, cy * cp]]
    return [[round(value * 256) / 256 for value in row] for row in rows]


@case("GEN_A", "FOMM: ten keypoints with Jacobians")
def fomm(s: Sketch) -> None:
    """First order motion model (Siarohin et al., 2019): 10 keypoints and for each the Jacobian, an affine matrix.

    Keypoints are predicted from the start, matrices from the second message on.
    """
    face = s.face(1)
    q = {"gfv_coordinate_precision_factor_minus1": 8, "gfv_matrix_element_precision_factor_minus1": 8}
    face.base(coordinates=keypoints(10, q=9), matrices=[matrices(0, 10, 2, 2, q=9)], predict=1, **q)
    for step in range(1, 25):
        face.further(coordinates=keypoints(10, step, q=9), matrices=[matrices(0, 10, 2, 2, 0, step, q=9)], predict=1)


@case("GEN_B", "DAC: keypoints alone", "inter")
def dac(s: Sketch) -> None:
    """Deep animation codec (Konuko et al., 2021) and its like: 10, 20 and 40 keypoints in two dimensions, no matrices.

    A base picture for each of three faces, and a message with every picture.
    """
    faces = [(number, s.face(number)) for number in (10, 20, 40)]
    for s.au in range(6):
        for number, face in faces:
            (face.driving if s.au else face.base)(coordinates=keypoints(number, s.au))


@case("GEN_C", "CFTE: a compact feature")
def cfte(s: Sketch) -> None:
    """Compact feature temporal evolution (Chen et al., 2022): one 4x4 matrix of type 7 for each generated picture."""
    face = s.face(1)
    face.base(matrices=[matrices(7, 1, 4, 4)])
    for step in range(1, 25):
        face.further(matrices=[matrices(7, 1, 4, 4, 0, step)])


@case("GEN_D", "FV2V: head pose and expression")
def fv2v(s: Sketch) -> None:
    """Face-vid2vid (Wang et al., 2021): 3x3 rotation, translation, and the expression as a matrix of 15 rows of 3.

    The expression stands in type 8. There are no keypoints, so flags say that rotation and translation are in three
    dimensions.
    """
    face = s.face(1)
    for step in range(12):
        entries = [
            {"type": 4, "elements": [rotation(step)]},
            {"type": 5, "elements": [[[0.125], [step / 64], [1.0]]]},
            matrices(8, 1, 15, 3, 0, step, scale=0.125),
        ]
        (face.further if step else face.base)(matrices=entries)


@case("GEN_E", "FV2V: keypoints in three dimensions")
def fv2v_points(s: Sketch) -> None:
    """The same method by its 15 keypoints in three dimensions after the head pose has been applied to them."""
    face = s.face(1)
    face.base(coordinates=keypoints(15, axes=3, z_max=2))
    for step in range(1, 12):
        face.further(coordinates=keypoints(15, step, axes=3, z_max=2))


@case("GEN_F", "TPS: fifty keypoints")
def tps(s: Sketch) -> None:
    """Thin-plate spline motion model (Zhao and Zhang, 2022): ten transformations of five keypoints each."""
    face = s.face(1)
    face.base(coordinates=keypoints(50))
    for step in range(1, 12):
        face.further(coordinates=keypoints(50, step))


@case("GEN_G", "facial semantics: mouth, eyes, head")
def facial_semantics(s: Sketch) -> None:
    """Interactive face video coding (Chen et al., 2023): six numbers for the mouth, one for the eyes, and the head.

    Rotation, translation and location of the head are in three dimensions.
    """
    face = s.face(1)
    for step in range(12):
        entries = [
            matrices(2, 1, 6, 1, 0, step),
            {"type": 3, "elements": [[[1 - step / 16]]]},
            {"type": 4, "elements": [rotation(step)]},
            {"type": 5, "elements": [[[step / 64], [0.0], [0.25]]]},
            {"type": 6, "elements": [[[0.5], [-step / 128], [0.0]]]},
        ]
        (face.further if step else face.base)(matrices=entries)


@case("GEN_H", "HDAC: keypoints and the decoded picture", "inter")
def hdac(s: Sketch) -> None:
    """Hybrid deep animation codec (Konuko et al., 2022): 10 keypoints, and each decoded picture as a base layer."""
    face = s.face(1)
    face.base(coordinates=keypoints(10))
    for s.au in range(1, 6):
        face.driving(coordinates=keypoints(10, s.au), gfv_fusion_pic_flag=1)


@case("GEN_I", "enhancement by features of two sizes, and pupils")
def enhancement(s: Sketch) -> None:
    """FOMM with GFVE messages of a 1x1 and a 2x2 matrix and pupils at a precision of 5 bits."""
    face = s.face(1)
    one = s.enhancement(1, face)
    q = {"gfve_matrix_element_precision_factor_minus1": 7, "gfve_pupil_coordinate_precision_factor_minus1": 4}
    for step in range(8):
        points, affine = keypoints(10, step), [matrices(0, 10, 2, 2, 0, step)]
        (face.further if step else face.base)(coordinates=points, matrices=affine)
        eyes = {"left": [-0.25 + step / 32, -0.125], "right": [0.25 + step / 32, -0.125]}
        features = [matrix(1, 1, 0, step, scale=33), matrix(2, 2, 1, step, scale=33)]
        (one.driving if step else one.base)(matrices=features, pupils=eyes, **(q if not step else {}))


@case("GEN_J", "translated parameters")
def translated(s: Sketch) -> None:
    """Compact features that a network named in the base message turns into the parameters of another generator."""
    face = s.face(1)
    face.base(
        matrices=[matrices(7, 1, 4, 4)],
        gfv_nn_mode_idc=1,
        gfv_nn_tag_uri="tag:iso.org,2023:15938-17",
        gfv_nn_uri="https://gfv.example/cfte-to-fomm.nnr",
    )
    for step in range(1, 12):
        face.further(matrices=[matrices(7, 1, 4, 4, 0, step)])
