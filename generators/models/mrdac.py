"""MRDAC: DAC with several base pictures at once.

Konuko, Valenzise, "Multi-Reference Generative Face Video Compression with Contrastive Learning", 2024. Each base
picture is moved to the current one by itself; of what they give, the strongest feature at each place is kept.

In a stream they are the latest base pictures of one gfv_id (see `generators.contract`, "Several base pictures"). The
published software codes one every 25 pictures and gives the network four, weighted by their distance; so do the encoder
and the exported graph here. Training here shows the network one base picture at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from generators.errors import ModelError
from generators.models.architecture import Architecture, Parameters
from generators.models.blocks import AntiAlias, ResBlock2d, SameBlock2d, Style
from generators.models.catalogue import CATALOGUE
from generators.models.dac import DacGenerator, DacSettings, detector
from generators.models.dense_motion import Motion
from generators.models.settings import GeneratorSizes
from generators.roles import MOST_REFERENCES


@dataclass(frozen=True)
class MrdacSettings(DacSettings):
    """MRDAC's: DAC's of animation-based-codecs. The weights of a checkpoint go with any of them.

    references  of an exported graph: how many base pictures it takes, 1 to `contract.MOST_REFERENCES`
    weighted    whether base pictures nearer in time count more, see `reference_weights`
    """

    antialias: AntiAlias = "bilinear"
    references: int = 4
    weighted: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.references <= MOST_REFERENCES:
            raise ModelError(
                "so many base pictures are not kept",
                element="references",
                value=self.references,
                allowed=f"1 to {MOST_REFERENCES}",
            )


def reference_weights(distances: Tensor) -> Tensor:
    """How much each base picture counts, from its distance to the current picture.

    [N, R] distances in pictures, 0 or more, to [N, R] weights: 1 for the nearest, down to a third. The published
    formula divides by the largest distance; where all are 0, every weight is 1 here, not-a-number there.
    """
    largest = distances.amax(dim=1, keepdim=True).clamp(min=1e-6)
    weights = 1.5 - distances / largest
    return weights / weights.amax(dim=1, keepdim=True)


class MrdacGenerator(DacGenerator):
    """DAC's generator with R base pictures for each of N current pictures.

    Base pictures are along the batch axis, N R of them, those of the first current picture first. Which of them comes
    how often makes no difference, as the strongest feature of two that are the same is that feature: a network that is
    short of base pictures may be given one several times.
    """

    def __init__(self, settings: MrdacSettings) -> None:
        super().__init__(settings, wrapped=False)
        self.weighted = settings.weighted

    def add_inner(self, sizes: GeneratorSizes, style: Style) -> None:
        """A bottleneck that ends in one more block, and the one for each base picture."""
        super().add_inner(sizes, style)
        width = sizes.width(sizes.num_down_blocks)
        self.bottleneck.add_module("out", SameBlock2d(width, width, 3, style))
        self.aggregation = nn.Sequential()
        for name in ("r_1", "r_2"):
            self.aggregation.add_module(name, ResBlock2d(width, style))

    def motion(self, features: Mapping[str, Tensor], base: Parameters, current: Parameters) -> Motion:
        """The motion from each base picture."""
        points, now = base["keypoints"], current["keypoints"]
        each = now.unsqueeze(1).expand(-1, points.shape[0] // now.shape[0], -1, -1)
        return super().motion(features, base, {"keypoints": each.reshape(points.shape)})

    def generate(
        self,
        features: Mapping[str, Tensor],
        base: Parameters,
        current: Parameters,
        distances: Tensor | None = None,
    ) -> Tensor:
        """The current pictures, [N, 3, H, W] in 0..1.

        Args:
            features: of N R base pictures, from `encode_base`.
            base: their ``keypoints`` [N R, K, 2].
            current: ``keypoints`` [N, K, 2] of the pictures to make.
            distances: [N R], from each base picture to its current one, in pictures; None: all count the same.
        """
        count = current["keypoints"].shape[0]
        each = self.aggregation(self.moved(features["features"], self.motion(features, base, current)))
        if self.weighted and distances is not None:
            weights = reference_weights(distances.view(count, -1))
            each = each * weights.view(-1, 1, 1, 1)
        return self.decoded(self.bottleneck(each.reshape(count, -1, *each.shape[1:]).amax(dim=1)))

    def forward(
        self, picture: Tensor, base: Parameters, current: Parameters, distances: Tensor | None = None
    ) -> Tensor:
        """Both steps: base pictures [N R, 3, H, W], their parameters and the current ones, to the pictures."""
        return self.generate(self.encode_base(picture), base, current, distances)


ARCHITECTURE = Architecture(
    about=CATALOGUE["mrdac"],
    settings=MrdacSettings,
    variants={"abc": MrdacSettings()},
    modules={"kp_detector": lambda settings: detector(settings, wrapped=False), "generator": MrdacGenerator},
    analysis=lambda settings, modules: modules.get("kp_detector"),
    generator=lambda settings, modules: modules.get("generator"),
    references=lambda settings: settings.references,
    dropped=("ref_coder.",),
)
