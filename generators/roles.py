"""What networks are for, and what their inputs and outputs are: the words that contracts are written in."""

from __future__ import annotations

from enum import StrEnum

MOST_REFERENCES = 16
"""Base pictures that are kept at once for a network that takes several, at most."""


class Network(StrEnum):
    """What the network is for, in the words of H.274 for the decoder's three; the encoder's one has a word of ours."""

    TRANSLATOR = "TranslatorNN"
    GENERATIVE = "GenerativeNN"
    ENHANCER = "EnhancerNN"
    ANALYSIS = "AnalysisNN"

    @property
    def signalled(self) -> bool:
        """Whether messages can name it or carry it: those of GFV a TranslatorNN, those of GFVE an EnhancerNN."""
        return self in (Network.TRANSLATOR, Network.ENHANCER)


class Role(StrEnum):
    """What a tensor is. "Base" is the base picture's, without it the current picture's."""

    BASE_PICTURE = "base_picture"
    CODED_PICTURE = "coded_picture"
    """The decoded driving picture, where gfv_fusion_pic_flag is 1."""
    SOURCE_PICTURE = "source_picture"
    """The picture of the video that an AnalysisNN looks at; of a base picture, as it was decoded."""
    BASE_KEYPOINTS = "base_keypoints"
    KEYPOINTS = "keypoints"
    BASE_MATRICES = "base_matrices"
    MATRICES = "matrices"
    BASE_PUPILS = "base_pupils"
    PUPILS = "pupils"
    """[2, 2]: left and right eye, x and y."""
    BASE_PARAMETERS = "base_parameters"
    PARAMETERS = "parameters"
    """Several of the above in a row, as ``parts`` says; translators take and give these."""
    ENHANCEMENT_MATRICES = "enhancement_matrices"
    """Matrix ``matrix_index`` of the GFVE message, [rows, columns]."""
    BASE_FEATURE = "base_feature"
    """Anything that the base graph makes for the main graph."""
    BASE_DISTANCES = "base_distances"
    """Of each of several base pictures: how many pictures before the current one it was, 0 or more."""
    PREPARED = "prepared"
    """Anything that the preparation ``prepare`` makes of the parameters."""
    GENERATED_PICTURE = "generated_picture"
    ENHANCED_PICTURE = "enhanced_picture"


PICTURES = frozenset(
    {Role.BASE_PICTURE, Role.CODED_PICTURE, Role.SOURCE_PICTURE, Role.GENERATED_PICTURE, Role.ENHANCED_PICTURE}
)
POINTS = frozenset({Role.BASE_KEYPOINTS, Role.KEYPOINTS})
TYPED_MATRICES = frozenset({Role.BASE_MATRICES, Role.MATRICES})
FLAT = frozenset({Role.BASE_PARAMETERS, Role.PARAMETERS})
OF_THE_BASE = frozenset(
    {Role.BASE_PICTURE, Role.BASE_KEYPOINTS, Role.BASE_MATRICES, Role.BASE_PUPILS, Role.BASE_PARAMETERS}
)

OF_EACH_REFERENCE = OF_THE_BASE | {Role.BASE_FEATURE, Role.BASE_DISTANCES}
"""What a network that takes several base pictures may get of each."""

_OF_PARAMETERS = frozenset({*POINTS, *TYPED_MATRICES, *FLAT, Role.BASE_PUPILS, Role.PUPILS, Role.PREPARED})
_OF_ANY = frozenset({*_OF_PARAMETERS, Role.BASE_PICTURE, Role.CODED_PICTURE, Role.ENHANCEMENT_MATRICES})
TAKES = {
    Network.TRANSLATOR: _OF_PARAMETERS,
    Network.GENERATIVE: _OF_ANY | {Role.BASE_FEATURE, Role.BASE_DISTANCES},
    Network.ENHANCER: _OF_ANY | {Role.GENERATED_PICTURE},
    Network.ANALYSIS: frozenset({Role.SOURCE_PICTURE, Role.BASE_PICTURE, Role.BASE_FEATURE}),
}
"""The roles that there is something to feed with, for the inputs of each network."""

_PARAMETERS = (Role.PARAMETERS, Role.KEYPOINTS, Role.MATRICES)
GIVES = {
    Network.TRANSLATOR: _PARAMETERS,
    Network.GENERATIVE: (Role.GENERATED_PICTURE,),
    Network.ENHANCER: (Role.ENHANCED_PICTURE,),
    Network.ANALYSIS: _PARAMETERS,
}
"""The roles of which an output of each network has one at least."""

Shape = tuple[int | str, ...]
"""Sizes of a tensor: numbers, and letters for those left open."""


def without_batch(shape: Shape, rank: int) -> Shape:
    """The last ``rank`` sizes, if all before them are 1 or open; otherwise the shape as it is."""
    extra = len(shape) - rank
    if extra > 0 and all(size == 1 or isinstance(size, str) for size in shape[:extra]):
        return shape[extra:]
    return shape
