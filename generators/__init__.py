"""Generators: from a base picture and a few dozen numbers to a face picture, and back to the numbers.

A GFV stream (H.274, generative face video SEI) tells two things: *this* coded picture is the base picture, and *these*
are the facial parameters of each further picture. It does not tell how to make a picture from them, because the
standard leaves the GenerativeNN to the application. This package is that part of the application. It has layers, and
each layer knows only those above it in this list (``registry`` also knows the names in ``models.catalogue``):

===================  =====================================================================================
``errors``           ``ContractError``, ``ParameterError``, ``ModelError``: all of them ``gfv_sei.GfvError``
``needing``          the error for a missing optional package
``choices``          the words with which users choose how a stream is played
``parameters``       ``FaceParameters``: the ``values`` of a JSON record as arrays
``pictures``         8-bit pixels to the planes that networks take, and back
``quality``          PSNR in RGB and luma
``roles``            the kinds of networks, and the kinds of their inputs and outputs
``soundness``        whether a contract is consistent in itself
``contract``         the inputs and outputs of a network, and this description as JSON
``spline``           thin-plate splines, solved outside of a network's graph
``preparations``     what contracts may ask to be computed from the parameters, by name
``checking``         contract against graph and stream, all mismatches at once
``model_file``       reading ONNX files without trusting them; the contract inside or beside them
``patience``         runs of onnxruntime that a time limit or Ctrl-C can end
``sessions``         onnxruntime on one graph
``feeding``          contents of a stream to tensors and back, by role
``runtime``          the decoder's three networks; ``Generator``: ``set_base`` once, ``generate`` per picture
``analysis``         the encoder's network: pictures to parameters
``warp``             the generator that needs no training, built here as an ONNX graph
``registry``         names of generators; ``load_generator``, ``load_analyser``, ...
``nnr``              the units of a network that a stream carries (ISO/IEC 15938-17)
``known``            the user's own list of files for networks that streams name
``choosing``         the translator that fits between a stream and a generator
``signalled``        the networks that a stream names or carries
``face_region``      where the face is
``points``           which points of the base picture to follow
``refinement``       moving points so that the warped picture gets closer to the real one
``tracking``         ``FaceTracker``: the encoder's side
``pipeline``         a video to a stream and back
``play``             a stream played in a browser
``models``           the published networks in torch, and our own: load weights, export to ONNX, prune
``training``         generators that learn from a folder of clips
``macs``             arithmetic and weights of a network, counted in its graph
``observed``         a ``Generator`` whose work can be watched
``quantisation``     models in 16-bit floating point and in 8-bit integers
``calibrating``      examples from clips of faces, to find the ranges of those integers
``bench``            milliseconds per picture, and what the machine is capable of
``parameter_coder``  the GFVC software's coder of parameters, only to compare rates with published figures
``report_pictures``  generated pictures for the page of ``gfv inspect --format html``
``commands``         encode, decode, play, models, doctor: one module per command
``demo``             ``make demo``
===================  =====================================================================================

**Why a contract.** A network file says ``input_3: float32 [1, 10, 2]`` and nothing more. Are these the points of the
base picture or of the current one? Do pixels go from 0 to 1 or from -1 to 1? Which matrix type is which? Only the
people who trained the network know, and a wrong guess gives a picture that is plausible but wrong. So each network has
a `contract.Contract`. Before the first picture, the contract is compared with the actual graph and the actual stream,
and mismatches are reported with the names of the syntax elements (``gfv_num_kps_minus1``).

**Why a warp as the default.** It needs no weights, so it depends on no licence, no download and no training set. It
works with any number of points at any picture size. It is deterministic. It follows the head well enough to show at
once that a stream has the right numbers. It cannot show what the base picture does not show (teeth behind closed lips).
Networks that can do this are loaded through the same contract.

**What a stream can make this package do:** nothing but arithmetic. A stream names networks by URI or carries them
(``gfv_nn_uri``, ``gfv_nn_payload_byte``). A URI is never fetched. It is looked up in the user's own list of files
(``gfv models register``), and the SHA-256 of the file must match. The bytes of a network are written to a file on
request, and never run. Only the user names model files. A model file that would read other files (external tensor data)
is refused. A network that does not end is stopped.

Importing this package imports no numpy, onnxruntime or OpenCV. Each public name is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gfv_sei.lazily import lazily

if TYPE_CHECKING:
    from generators.analysis import Analyser as Analyser
    from generators.checking import StreamFacts as StreamFacts
    from generators.contract import Contract as Contract
    from generators.errors import ContractError as ContractError
    from generators.errors import ModelError as ModelError
    from generators.errors import ParameterError as ParameterError
    from generators.parameters import FaceParameters as FaceParameters
    from generators.registry import known_generators as known_generators
    from generators.registry import load_analyser as load_analyser
    from generators.registry import load_enhancer as load_enhancer
    from generators.registry import load_generator as load_generator
    from generators.registry import load_translator as load_translator
    from generators.runtime import Enhancer as Enhancer
    from generators.runtime import Generator as Generator
    from generators.runtime import Translator as Translator
    from generators.tracking import FaceTracker as FaceTracker

__getattr__, __dir__, __all__ = lazily(
    __name__,
    {
        "analysis": ("Analyser",),
        "checking": ("StreamFacts",),
        "contract": ("Contract",),
        "errors": ("ContractError", "ModelError", "ParameterError"),
        "parameters": ("FaceParameters",),
        "registry": ("known_generators", "load_analyser", "load_enhancer", "load_generator", "load_translator"),
        "runtime": ("Enhancer", "Generator", "Translator"),
        "tracking": ("FaceTracker",),
    },
)
