"""Measuring generators: every figure is of a real run, goals are judged where they apply."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from generators.bench import bench
from generators.commands.bench import command
from generators.errors import ModelError
from generators.registry import load_model


def test_times_add_up_and_goals_apply_where_they_should():
    found = bench([load_model("warp")], sides=(32, 256), threads=1, rounds=3)
    assert [timing.side for timing in found.timings] == [32, 256]
    assert 0 < found.ruler[1] <= found.ruler[0]
    for timing in found.timings:
        assert 0 < timing.fastest <= timing.median
        assert 0 < timing.own < timing.median
        assert 0 < timing.cpu < 1.5 * max(timing.median, 1)  # with one thread it cannot be at work for much longer
        assert timing.pictures_per_second == pytest.approx(1000 / timing.median)
    small, large = found.timings
    assert small.goals[16] is None  # real time is asked for at 256x256
    assert large.goals[18] is None  # and a share of the ruler from 50 kMAC/pixel on
    slow = replace(large, median=41.0, own=5.0, kmac_per_pixel=60.0, share=0.8)
    assert slow.goals == {16: False, 17: False, 18: True}
    assert replace(slow, precision="int8").goals[18] is False
    assert found.table().count("\n| warp |") == 2


def test_points_with_matrices():
    pytest.importorskip("torch")
    from generators.models import find_architecture
    from generators.models.blocks import HourglassSizes
    from generators.models.export import export
    from generators.models.settings import GeneratorSizes

    known, hourglass = find_architecture("fomm"), HourglassSizes(4, 8, 2)
    sizes = {"detector": hourglass, "motion": hourglass, "generator": GeneratorSizes(4, 8, 2, 1)}
    model = export(known.build(known.variant(size=32, inner=8, keypoints=4, **sizes)))
    (timing,) = bench([model], sides=(32, 64), threads=1, rounds=2).timings
    assert timing.gmac > 0
    assert timing.base > 0


def test_a_size_that_no_model_takes():
    with pytest.raises(ModelError, match="no model takes"):
        bench([load_model("warp")], sides=(1,))


def test_the_command():
    result = CliRunner().invoke(command, ["warp", "--size", "64", "--rounds", "2", "--threads", "1"])
    assert result.exit_code == 0, result.output
    assert "| warp | fp32 | 64 |" in result.output
