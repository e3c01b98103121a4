"""The package as such: what importing it costs, what it offers; pixels and figures."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import generators
from generators.pictures import to_pixels, to_planes
from generators.quality import luma, psnr, psnr_luma


def test_importing_it_imports_nothing_heavy():
    code = (
        "import sys, generators\n"
        "heavy = {'numpy', 'onnx', 'onnxruntime', 'cv2', 'skimage'} & set(sys.modules)\n"
        "sys.exit(f'imported {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there():
    for name in generators.__all__:
        assert getattr(generators, name) is not None
        assert name in dir(generators)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = generators.nonsense


def test_pixels_to_planes_and_back():
    pixels = np.arange(256 * 3, dtype=np.uint32).reshape(16, 16, 3).astype(np.uint8)
    planes = to_planes(pixels)
    assert planes.shape == (3, 16, 16)
    assert planes.dtype == np.float32
    assert planes.max() == 1
    np.testing.assert_array_equal(to_pixels(planes), pixels)


def test_rounding_and_truncation_and_clipping():
    planes = np.array([0.999 / 255, 1.6 / 255, -1, 2], np.float32).reshape(1, 1, 4).repeat(3, axis=0)
    assert to_pixels(planes)[0, :, 0].tolist() == [1, 2, 0, 255]
    assert to_pixels(planes, truncate=True)[0, :, 0].tolist() == [0, 1, 0, 255]


def test_psnr():
    black = np.zeros((3, 4, 4), np.float32)
    assert psnr(black, black) == float("inf")
    assert psnr(black, black + np.float32(0.1)) == pytest.approx(20, abs=1e-4)
    assert psnr(black * 255, black + 255, peak=255) == 0
    green = black.copy()
    green[1] = 1
    assert luma(green)[0, 0] == pytest.approx(0.7152)
    assert psnr_luma(black, green) == pytest.approx(-20 * np.log10(0.7152))
