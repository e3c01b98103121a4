"""The AnalysisNN at work: pictures to the parameters that are sent for them, at the encoder, without torch."""

from __future__ import annotations

from generators.checking import StreamFacts, check_stream
from generators.errors import ContractError
from generators.feeding import Array, Material, Picture, checked_picture, parameters_from, value
from generators.model_file import ModelFile
from generators.parameters import FaceParameters
from generators.roles import Network, Role
from generators.runtime import Runner

NONE = FaceParameters()


class Analyser(Runner):
    """An AnalysisNN, with what it has of the base picture.

    Usage::

        analyser = load_analyser("fomm-256/fomm-256.onnx")
        base = analyser.start(decoded_base_picture)     # parameters of the base message
        for picture in others:
            parameters = analyser.follow(picture)       # of the messages that follow

    The base picture is looked at as it was decoded, which is how the receiver has it; the software of the first
    publications does the same.
    """

    network = Network.ANALYSIS

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        super().__init__(model, provider=provider, threads=threads)
        self._started: tuple[dict[str, Array], tuple[int, ...], dict[str, int]] | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width of the pictures that it takes; None where it takes several."""
        picture = next(t for t in self.contract.inputs if t.role == Role.SOURCE_PICTURE)
        found = []
        for size in picture.shape[-2:]:
            if isinstance(size, str):
                allowed = self.contract.sizes.get(size)
                if allowed is None or allowed.min != allowed.max:
                    return None
                size = allowed.min
            found.append(size)
        return found[0], found[1]

    def start(self, base: Picture) -> FaceParameters:
        """Take a new base picture, and give its parameters.

        Args:
            base: float32 [3, H, W], RGB, 0 to 1; the decoded base picture.

        Raises:
            ContractError: the network takes pictures of another size.
            ParameterError: the picture is not of that form, or what comes out is not finite.
            ModelError: onnxruntime failed.
        """
        planes = checked_picture(base, "the base picture")
        sizes = check_stream(self.contract, StreamFacts(*planes.shape[1:]), provided=self._made_by_base_graph())
        material = Material(current=NONE, base=NONE, pictures={Role.BASE_PICTURE: planes})
        fixed: dict[str, Array] = {}
        if self._base_graph is not None:
            assert self.contract.base is not None
            feeds = {t.name: value(t, material, sizes) for t in self.contract.base.inputs}
            fixed = self._base_graph.run([t.name for t in self.contract.base.outputs], feeds)
        for tensor in self.contract.inputs:
            if tensor.role == Role.BASE_PICTURE:
                fixed[tensor.name] = value(tensor, material, sizes)
        self._started = fixed, planes.shape, sizes
        return self.follow(base)

    def follow(self, picture: Picture) -> FaceParameters:
        """The parameters of a picture, float32 [3, H, W] of the base picture's size; errors as of `start`."""
        if self._started is None:
            raise ContractError("there is no base picture yet: start comes before follow")
        fixed, shape, sizes = self._started
        planes = checked_picture(picture, "the picture")
        if planes.shape != shape:
            raise ContractError(f"a picture is {list(planes.shape)}, where the base picture is {list(shape)}")
        material = Material(current=NONE, base=NONE, pictures={Role.SOURCE_PICTURE: planes})
        feeds = dict(fixed)
        for tensor in self.contract.inputs:
            if tensor.name not in feeds:
                feeds[tensor.name] = value(tensor, material, sizes)
        made = self._main.run([t.name for t in self.contract.outputs], feeds)
        return parameters_from(self.contract.outputs, made, NONE, sizes)

    def _made_by_base_graph(self) -> set[str]:
        return set() if self.contract.base is None else {t.name for t in self.contract.base.outputs}
