"""Between Y'CbCr pictures and R'G'B' arrays, by the equations of H.273 (clause 8.3).

With E' in 0..1, Kr and Kb from the matrix coefficients, and B the bit depth:

    E'y = Kr E'r + (1 - Kr - Kb) E'g + Kb E'b      E'pb = (E'b - E'y) / (2 (1 - Kb))      E'pr likewise

    limited range   Y = 2^(B-8) (219 E'y + 16)      C = 2^(B-8) (224 E'p + 128)
    full range      Y = (2^B - 1) E'y               C = (2^B - 1) E'p + 2^(B-1)

All of it runs in float32, which holds 16-bit samples with room to spare. The transfer characteristics are
left as they are: R'G'B' here is what the picture's own primaries and transfer function make of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gfv_sei.errors import GfvError
from vtm_bridge.chroma import downsample, upsample
from vtm_bridge.pictures.format import PictureFormat
from vtm_bridge.pictures.picture import Picture, Plane, sample_type

Float = npt.NDArray[np.float32]

WEIGHTS = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114), "bt2020": (0.2627, 0.0593)}
"""Kr and Kb for MatrixCoefficients 1, 5 or 6, and 9 (H.273, table 4)."""


def to_rgb(picture: Picture) -> Float:
    """R'G'B' as float32 [3, height, width], 0 to 1; colours outside of that are clipped.

    4:0:0 gives three equal planes.
    """
    rgb = np.stack(_rgb_planes(picture, 1.0))
    return np.clip(rgb, 0, 1, out=rgb)


def to_rgb8(picture: Picture) -> npt.NDArray[np.uint8]:
    """R'G'B' as uint8 [height, width, 3], rounded; the fast way to something that can be shown or stored."""
    out = np.empty((picture.format.height, picture.format.width, 3), np.uint8)
    for i, plane in enumerate(_rgb_planes(picture, 255.0)):
        plane += np.float32(0.5)
        np.clip(plane, 0, 255, out=plane)
        out[..., i] = plane
    return out


def from_rgb(rgb: Float, format: PictureFormat) -> Picture:
    """A picture from R'G'B' float32 [3, height, width]; values are clipped to 0..1 and rounded to samples.

    GfvError if the array has another size than the format, another type, or values that are not numbers.
    """
    if rgb.shape != (3, format.height, format.width) or rgb.dtype != np.float32:
        raise _misfit(rgb, f"float32 (3, {format.height}, {format.width})")
    if not np.isfinite(rgb.sum(dtype=np.float64)):
        raise GfvError("the RGB picture holds infinities or values that are no numbers")
    r, g, b = np.clip(rgb, 0, 1)
    return _quantised(r, g, b, format)


def from_rgb8(rgb: npt.NDArray[np.uint8], format: PictureFormat) -> Picture:
    """A picture from R'G'B' uint8 [height, width, 3]. GfvError if the array is another kind or size."""
    if rgb.shape != (format.height, format.width, 3) or rgb.dtype != np.uint8:
        raise _misfit(rgb, f"uint8 ({format.height}, {format.width}, 3)")
    r, g, b = (np.multiply(rgb[..., i], np.float32(1 / 255), dtype=np.float32) for i in range(3))
    return _quantised(r, g, b, format)


def with_bit_depth(picture: Picture, bit_depth: int) -> Picture:
    """The same picture with another bit depth.

    Limited range scales by a power of two (so up and down again is exact), full range by the ratio of the
    peaks, chroma around its middle: H.273, equations of clause 8.3.
    """
    old = picture.format
    new = old.but(bit_depth=bit_depth)
    if new == old:
        return picture
    dtype = sample_type(new)
    planes: list[Plane] = []
    for i, plane in enumerate(picture.planes):
        if not old.full_range and bit_depth > old.bit_depth:
            planes.append(np.left_shift(plane, bit_depth - old.bit_depth, dtype=dtype))
            continue
        if old.full_range:
            middles = (1 << (old.bit_depth - 1), 1 << (bit_depth - 1)) if i else (0, 0)
            scaled = (plane.astype(np.float32) - middles[0]) * np.float32(new.peak / old.peak) + middles[1]
        else:
            scaled = plane * np.float32(2.0 ** (bit_depth - old.bit_depth))
        planes.append(_samples(scaled, new))
    return Picture(new, tuple(planes))


def with_chroma(picture: Picture, chroma: str, siting: str | None = None) -> Picture:
    """The same picture with another chroma format or siting; luma stays bit for bit, chroma is resampled.

    From 4:0:0 the chroma planes are neutral. ``siting`` None keeps the picture's.
    """
    old = picture.format
    new = old.but(chroma=chroma, siting=old.siting if siting is None else siting)
    resampled = chroma != old.chroma or (chroma in ("420", "422") and new.siting != old.siting)
    if not resampled:
        return Picture(new, picture.planes)
    if chroma == "400":
        return Picture(new, picture.planes[:1])
    if old.chroma == "400":
        middle = 1 << (new.bit_depth - 1)
        neutral = [np.full(shape, middle, sample_type(new)) for shape in new.plane_shapes[1:]]
        return Picture(new, (picture.planes[0], *neutral))
    planes = (_samples(downsample(upsample(p.astype(np.float32), old), new), new) for p in picture.planes[1:])
    return Picture(new, (picture.planes[0], *planes))


def _misfit(rgb: npt.NDArray[np.generic], allowed: str) -> GfvError:
    return GfvError(
        "not an RGB picture of the format", element="array", value=f"{rgb.dtype} {rgb.shape}", allowed=allowed
    )


def _scales(format: PictureFormat) -> tuple[float, float, float, float]:
    """Gain and offset of luma, then of chroma: sample = gain E' + offset."""
    if format.full_range:
        return format.peak, 0.0, format.peak, float(1 << (format.bit_depth - 1))
    unit = float(1 << (format.bit_depth - 8))
    return 219 * unit, 16 * unit, 224 * unit, 128 * unit


def _rgb_planes(picture: Picture, white: float) -> tuple[Float, Float, Float]:
    """R', G', B' with white at ``white``, not clipped; arrays of their own that the caller may change."""
    format = picture.format
    luma_gain, luma_offset, chroma_gain, chroma_offset = _scales(format)
    y = picture.planes[0] * np.float32(white / luma_gain)
    y -= np.float32(luma_offset * white / luma_gain)
    if format.chroma == "400":
        return y, y.copy(), y.copy()
    kr, kb = WEIGHTS[format.matrix]
    cb, cr = (
        upsample((p - np.float32(chroma_offset)) * np.float32(white / chroma_gain), format) for p in picture.planes[1:]
    )
    r = cr * np.float32(2 * (1 - kr))
    r += y
    b = cb * np.float32(2 * (1 - kb))
    b += y
    # G from E'y = Kr E'r + Kg E'g + Kb E'b, written out in the colour differences.
    kg = 1 - kr - kb
    g = y
    g -= cb * np.float32(2 * kb * (1 - kb) / kg)
    g -= cr * np.float32(2 * kr * (1 - kr) / kg)
    return r, g, b


def _quantised(r: Float, g: Float, b: Float, format: PictureFormat) -> Picture:
    kr, kb = WEIGHTS[format.matrix]
    luma_gain, luma_offset, chroma_gain, chroma_offset = _scales(format)
    y = r * np.float32(kr)
    y += g * np.float32(1 - kr - kb)
    y += b * np.float32(kb)
    planes = [_samples(y * np.float32(luma_gain) + np.float32(luma_offset), format)]
    if format.chroma != "400":
        for colour, k in ((b, kb), (r, kr)):
            difference = downsample((colour - y) * np.float32(chroma_gain / (2 * (1 - k))), format)
            planes.append(_samples(difference + np.float32(chroma_offset), format))
    return Picture(format, tuple(planes))


def _samples(values: Float, format: PictureFormat) -> Plane:
    values = np.rint(values)
    np.clip(values, 0, format.peak, out=values)
    return np.ascontiguousarray(values).astype(sample_type(format))
