"""Training: generators that learn from a folder of face clips, without labels.

Training needs only pairs of pictures from one clip. One picture is the base picture. The generator gets the parameters
of both pictures, and its output is compared with the other picture.

==============  ==========================================================================================
``clips``       video files to pictures in memory; part of them is kept back for measurements
``samples``     pairs of pictures with their parameters: from the analysis model, or tracked
``losses``      the distance of a generated picture from the real one
``perceptual``  distance in the features of a classifier, whose weights the user provides
``adversary``   a network that tells generated pictures from real ones, which the generator learns to deceive
``settings``    all settings that a run depends on
``loop``        the run: steps, checkpoints, measurements; ``train``
``measure``     PSNR on what was kept back: of the generator, and of the warp from the same numbers
``curves``      the run's numbers as CSV and SVG
==============  ==========================================================================================

**Where parameters come from.** An architecture with an analysis model is trained as a whole: the gradient goes through
the parameters into the analysis model, which so finds its own points. An architecture without one (``rt``) gets the
points of `generators.tracking.FaceTracker`, quantised as a message would carry them. They are found once per clip.

**A run can be repeated and continued.** Random choices depend only on the seed and the number of the step. A checkpoint
has the weights, the state of the optimisers and the step. On the same machine with the same number of threads, a run
that was interrupted and continued gives the same weights as an uninterrupted run. On GPUs, which add in an order of
their own, the weights are only nearly the same.

Importing this package imports no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from generators.training.clips import Clips as Clips
    from generators.training.clips import read_clips as read_clips
    from generators.training.loop import Result as Result
    from generators.training.loop import train as train
    from generators.training.settings import Losses as Losses
    from generators.training.settings import TrainSettings as TrainSettings

__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "clips": ("Clips", "read_clips"),
        "loop": ("Result", "train"),
        "settings": ("Losses", "TrainSettings"),
    },
)
