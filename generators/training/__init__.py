"""Training: generators that learn from a folder of face clips, without labels.

A pair of pictures of one clip is all that is needed: the one is the base picture, the parameters of both are given to
the generator, and what it makes is compared with the other.

==============  ==========================================================================================
``clips``       video files to pictures in memory, and which of them are kept back to measure on
``samples``     pairs of pictures with their parameters: from the analysis model, or tracked
``losses``      how far a made picture is from the real one
``perceptual``  distance in the features of a classifier, whose weights the user brings
``adversary``   a network that tells made pictures from real ones, for the generator to deceive
``settings``    everything that a run depends on
``loop``        the run: steps, checkpoints, measurements; ``train``
``measure``     PSNR on what was kept back: of the generator, and of the warp from the same numbers
``curves``      the run's numbers as CSV and SVG
==============  ==========================================================================================

**Where parameters come from.** An architecture with an analysis model is trained as a whole: the gradient goes through
the parameters into it, and so it finds its own points. One without (``rt``) is given the points that
`generators.tracking.FaceTracker` finds, quantised as a message would carry them; they are found once per clip.

**A run can be repeated and continued.** What is drawn at random depends on the seed and on the number of the step, and
on nothing else; a checkpoint has the weights, the state of the optimisers and the step. On the same machine with the
same number of threads a run that was cut in two gives the same weights as one that was not. GPUs add in an order of
their own, so there it holds only nearly.

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
