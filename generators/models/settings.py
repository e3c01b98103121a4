"""Settings that FOMM and its descendants share. Defaults are those of the published models."""

from __future__ import annotations

from dataclasses import dataclass, field

from generators.errors import ModelError
from generators.models.blocks import HourglassSizes
from generators.models.ranges import HALVINGS, check_numbers


@dataclass(frozen=True)
class GeneratorSizes:
    """Widths and numbers of blocks of an encoder and decoder, as the published configurations call them."""

    block_expansion: int = 64
    max_features: int = 512
    num_down_blocks: int = 2
    num_bottleneck_blocks: int = 6

    def __post_init__(self) -> None:
        none = {"num_down_blocks": 0, "num_bottleneck_blocks": 0}
        check_numbers(self, least=none, most={"num_down_blocks": HALVINGS})

    def width(self, level: int) -> int:
        """Channels after ``level`` halvings."""
        return min(self.max_features, self.block_expansion << level)


@dataclass(frozen=True)
class PictureSettings:
    """What depends on the size of the picture.

    size       side of the square pictures; others work too, if each side is a multiple of `multiple`
    inner      side of the picture as detector and motion network see it; ``size`` / ``inner`` is the
               reciprocal of the published scale_factor
    depthwise  see `blocks.Style`
    """

    size: int = 256
    inner: int = 64
    depthwise: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)
        # Until the size is a multiple of the inner one, what the halvings need is not known.
        even = self.size % self.inner == 0
        step = self.multiple if even else self.inner
        if not even or self.size % step:
            raise ModelError(
                f"a network that works at {self.inner} cannot take such pictures",
                element="size",
                value=self.size,
                allowed=f"multiples of {step}",
            )

    @property
    def times(self) -> int:
        """How many times smaller the picture is made."""
        return self.size // self.inner

    @property
    def multiple(self) -> int:
        """Height and width of pictures have to be multiples of it, for every halving to come out even."""
        return self.times


@dataclass(frozen=True)
class KeypointSettings(PictureSettings):
    """Of the networks that are driven by points.

    keypoints  their number
    detector   sizes of its hourglass
    motion     sizes of the motion network's hourglass
    generator  sizes of what encodes the base picture and makes the current one
    """

    keypoints: int = 10
    detector: HourglassSizes = field(default_factory=lambda: HourglassSizes(32, 1024, 5))
    motion: HourglassSizes = field(default_factory=lambda: HourglassSizes(64, 1024, 5))
    generator: GeneratorSizes = field(default_factory=GeneratorSizes)

    @property
    def multiple(self) -> int:
        """Height and width of pictures have to be multiples of it."""
        deepest = max(self.detector.num_blocks, self.motion.num_blocks)
        return max(self.times << deepest, 1 << self.generator.num_down_blocks)
