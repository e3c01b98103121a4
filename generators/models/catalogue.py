"""The architectures that are known, in words: what can be said of them without torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """One architecture.

    name      of the module of this package that has it
    summary   one line for people
    paper     where it was published
    licence   of the published code, so usually of what is done with it; weights have their own
    profiles  names of the `layout.Profile` that its parameters are carried by, the usual one first
    takes     what it takes besides the base picture and parameters; empty: nothing
    """

    name: str
    summary: str
    paper: str
    licence: str
    profiles: tuple[str, ...]
    takes: str = ""


CATALOGUE = {
    about.name: about
    for about in (
        About(
            name="fomm",
            summary="first-order motion model: 10 points with Jacobians",
            paper="Siarohin et al., First Order Motion Model for Image Animation, NeurIPS 2019",
            licence="MIT",
            profiles=("FOMM",),
        ),
        About(
            name="dac",
            summary="deep animation codec: 10, 20 or 40 points",
            paper="Konuko et al., Ultra-Low Bitrate Video Conferencing Using Deep Image Animation, ICASSP 2021",
            licence="none stated (GFVC software v2, Goluck/GFVC); CC0-1.0 (animation-based-codecs)",
            profiles=("DAC-10", "DAC-20", "DAC-40"),
        ),
        About(
            name="cfte",
            summary="compact feature, temporal evolution: one 4x4 matrix",
            paper="Chen et al., Beyond Keypoint Coding, DCC 2022",
            licence="Apache-2.0 (CFTE_DCC2022); MIT (GFVC software v1, alibaba-edu)",
            profiles=("CFTE",),
        ),
        About(
            name="hdac",
            summary="hybrid deep animation codec: points and a low-quality coded picture",
            paper="Konuko et al., A Hybrid Deep Animation Codec for Low-Bitrate Video Conferencing, ICIP 2022",
            licence="none stated (GFVC software v2, Goluck/GFVC); CC0-1.0 (animation-based-codecs)",
            profiles=("HDAC",),
            takes="the decoded driving picture (gfv_fusion_pic_flag)",
        ),
        About(
            name="mrdac",
            summary="multi-reference deep animation codec: points, the latest base pictures of a face at once",
            paper="Konuko and Valenzise, "
            "Multi-Reference Generative Face Video Compression with Contrastive Learning, 2024",
            licence="CC0-1.0",
            profiles=("MRDAC",),
            takes="the latest base pictures of the gfv_id, 4 unless --settings references says else, and how many "
            "pictures ago they were (--settings weighted=false: not); gfv encode codes one every 25 pictures, unless "
            "--new-base says else",
        ),
        About(
            name="rdac",
            summary="residual deep animation codec: points, and a residual coded beside GFV",
            paper="Konuko et al., Predictive Coding for Animation-Based Video Compression, ICIP 2023",
            licence="none stated (Goluck/GFVC); CC0-1.0 (animation-based-codecs)",
            profiles=("RDAC",),
        ),
        About(
            name="fv2v",
            summary="free-view talking head: rotation, translation and expression of 15 points in space",
            paper="Wang, Mallya, Liu, One-Shot Free-View Neural Talking-Head Synthesis, CVPR 2021",
            licence="CC BY-NC 4.0 (zhanglonghao1992); GFVC software: MIT (v1), none stated (v2)",
            profiles=("FV2V", "FV2V-points"),
        ),
        About(
            name="tps",
            summary="thin-plate spline motion model: 50 points, five to a spline",
            paper="Zhao, Zhang, Thin-Plate Spline Motion Model for Image Animation, CVPR 2022",
            licence="MIT",
            profiles=("TPS",),
        ),
        About(
            name="rt",
            summary="real time: the warp, corrected on a grid of 64x64",
            paper="generators/models/rt.py of this repository",
            licence="BSD-3-Clause",
            profiles=("RT",),
        ),
    )
}
"""By name."""
