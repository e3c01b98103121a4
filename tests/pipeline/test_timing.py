"""When pictures are shown: constant times, and times of coded pictures that the pictures of a unit share."""

from __future__ import annotations

from fractions import Fraction

import pytest
from order.order_material import encode
from painting import UNIT, gfv, injected, levels, player

from generators.pipeline.timing import CodedTimes, sampled
from gfv_sei.containers import mux
from gfv_sei.containers.mux import Times, mux_at, read_times


@pytest.fixture
def path(tmp_path):
    """Three coded pictures: one with three pictures more, one with none, one with one more."""
    records = [gfv(0, n, n * UNIT, base=n == 0) for n in range(4)]
    records += [gfv(2, n, (8 + n) * UNIT) for n in range(2)]
    return injected(encode("avc", "keyint=1", 3), records, tmp_path / "s.264")


def played(path, times, fps):
    return levels(list(sampled(player(counted=True).play(str(path)), times, Fraction(fps))))


def test_pictures_of_a_unit_share_its_time(path):
    """One coded picture a second: four, one, and two pictures share a second each."""
    times = CodedTimes(Fraction(1))
    assert played(path, times, 4) == ["coded", 1, 2, 3, *["coded"] * 4, 8, 8, 9, 9]
    assert played(path, times, 2) == ["coded", 2, "coded", "coded", 8, 9]
    assert played(path, times, 1) == ["coded", "coded", 8]


def test_times_of_a_container(path, tmp_path):
    """Shown at 0, 2 and 3 seconds, the last one for a second and a half."""
    container = tmp_path / "s.mp4"
    mux_at(path, container, Times(Fraction(1, 10), [0, 20, 30], [0, 20, 30], [20, 10, 15]), codec="avc")
    times = CodedTimes.of(str(container), Fraction(25))
    assert [times[n] for n in range(4)] == [0, 2, 3, Fraction(9, 2)]
    assert played(container, times, 2) == ["coded", 1, 2, 3, "coded", "coded", 8, 8, 9]


def test_a_stream_without_times_has_the_rate(path):
    times = CodedTimes.of(str(path), Fraction(10))
    assert [times[n] for n in (0, 1, 25)] == [0, Fraction(1, 10), Fraction(5, 2)]


def test_a_container_with_reordered_pictures(tmp_path):
    stream = tmp_path / "s"
    stream.write_bytes(encode("avc", "bframes=3:b-adapt=0", 9))
    mux(stream, tmp_path / "s.mkv", 10, codec="avc")
    times = CodedTimes.of(str(tmp_path / "s.mkv"), Fraction(25))
    steps = {times[n + 1] - times[n] for n in range(9)}
    assert steps == {Fraction(1, 10)}
    assert read_times(tmp_path / "s.mkv").pts != sorted(read_times(tmp_path / "s.mkv").pts)
