"""A stream with GFV messages to face pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from generators.checking import StreamFacts
from generators.choices import CODED, HOLD, KEY_COMPONENTS, LOW_CONFIDENCE, OFF, PLAY, require
from generators.errors import ModelError
from generators.pipeline.chroma_key import Background
from generators.pipeline.coded_stream import decoded_pictures
from generators.pipeline.jobs import Base, Job, Jobs
from generators.pipeline.networks import Networks
from generators.pipeline.notes import Notes
from generators.pipeline.picture_units import picture_units
from generators.roles import Role
from gfv_sei.errors import GfvError, StreamError, ToolError
from gfv_sei.wording import counted
from vtm_bridge.colour import to_rgb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generators.choosing import Translators
    from generators.runtime import Enhancer, Generator, Translator
    from generators.signalled import Lookup
    from vtm_bridge.pictures import Picture, PictureFormat

    Planes = NDArray[np.float32]

Record = dict[str, Any]


class Shown(NamedTuple):
    """One picture of the output.

    coded         the decoded picture, if that is what is shown
    generated     else R'G'B' float32 [3, height, width], 0 to 1
    record        the message that it was generated from, or that says that the coded picture is a base picture
    format        of the decoded picture: of the base picture, where the picture is generated
    display       index in output order of the coded picture that it belongs to
    part, parts   it is number ``part``, from 0, of ``parts`` that belong to that coded picture; ``parts`` is 0
                  unless `Settings.counted`
    """

    coded: Picture | None
    generated: Planes | None
    record: Record | None
    format: PictureFormat
    display: int
    part: int = 0
    parts: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; a network may make another size than that of the coded picture."""
        if self.generated is None:
            return self.format.width, self.format.height
        return self.generated.shape[2], self.generated.shape[1]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to play; raises ParameterError where a choice is none of those that there are.

    gfv_id           the face to play; None: that of the first message
    gfve_id          the enhancement; None: that of the first GFVE message of the face
    low_confidence   pictures whose message has gfv_low_confidence_face_parameter_flag 1: "play", or "hold" the
                     picture before
    recompute        base parameters from the generator's analysis network and not from the message
    calibrate        colour calibration: off, base or picture
    background       what comes in where the stream has a chroma key; None: the key stays to be seen
    key_components   what the components of the chroma key are: coded or rgb
    counted          count the pictures of each coded picture before the first is shown
    """

    gfv_id: int | None = None
    gfve_id: int | None = None
    low_confidence: str = PLAY
    recompute: bool = False
    calibrate: str = OFF
    background: Background | None = None
    key_components: str = CODED
    counted: bool = False

    def __post_init__(self) -> None:
        require("low_confidence", self.low_confidence, LOW_CONFIDENCE)
        require("key_components", self.key_components, KEY_COMPONENTS)


@dataclass
class Counts:
    """What was played."""

    generated: int = 0
    low_confidence: int = 0
    keyed: int = 0


class Player:
    """Plays one gfv_id of a stream through a chain of networks.

    A base message: its coded picture is shown as it is. Every other message: a generated picture, in the order of
    gfv_cnt. A coded picture without any message is shown as it is, one with messages of other faces only is not.
    Coded pictures come in output order; each message has the base picture, network and chroma key of the base
    message before it in *decoding* order, as its prediction has. Messages that decoders ignore are passed over.

    What is held is a few pictures, as many as the stream reorders, whatever its length.
    """

    def __init__(
        self,
        generator: Generator,
        gfv_id: int | None = None,
        note: Callable[[str], None] | None = None,
        *,
        translator: Translator | None = None,
        enhancer: Enhancer | None = None,
        lookup: Lookup | None = None,
        translators: Translators | None = None,
        settings: Settings | None = None,
    ) -> None:
        """Prepare to play.

        Args:
            generator: the GenerativeNN.
            gfv_id: as in the settings, and before those.
            note: called with each thing worth knowing, once.
            translator: the TranslatorNN, whatever the stream names.
            enhancer: the EnhancerNN, whatever the stream names.
            lookup: finds the networks that the stream names; None: they are not followed.
            translators: where there is neither, and the stream's parameters are not the generator's: those to choose
                from.
            settings: how to play.
        """
        self.settings = settings or Settings()
        if gfv_id is not None:
            self.settings = replace(self.settings, gfv_id=gfv_id)
        self.networks = Networks(
            generator,
            translator,
            enhancer,
            recompute=self.settings.recompute,
            calibrate=self.settings.calibrate,
        )
        self.translator, self.enhancer = translator, enhancer
        self.translators = translators
        self.counts = Counts()
        self._note = Notes(note or (lambda text: None))
        self.jobs = Jobs(
            self._note,
            self.settings.gfv_id,
            self.settings.gfve_id,
            translator=translator,
            enhancer=enhancer,
            lookup=lookup,
            keyed=self.settings.background is not None,
            linked=self.several,
        )
        self._last: Shown | None = None

    @property
    def has_base(self) -> bool:
        """Whether there was a base message."""
        return self.jobs.bases > 0

    @property
    def runners(self) -> list[Generator | Translator | Enhancer]:
        """The networks that are in force."""
        base = self.networks.in_force
        translator, enhancer = (self.translator, self.enhancer) if base is None else (base.translator, base.enhancer)
        return [one for one in (translator, self.networks.generator, enhancer) if one is not None]

    def play(self, source: str, decoder: str = "auto", syntax: str = "auto") -> Iterator[Shown]:
        """The pictures of a stream file, in output order.

        Raises:
            GfvError: the settings name a face of which there is no message; what networks, decoders and streams raise.
        """
        pictures = _Pictures(decoded_pictures(source, decoder))
        waiting: dict[int, list[Job]] = {}
        display = 0
        for unit in picture_units(source, syntax):
            jobs = self.jobs.of(unit)
            if unit.display is None:
                if [job for job in jobs if job.record is not None]:
                    self._note("messages at a picture that is not output: nothing is shown for them")
            elif unit.display == display:
                yield from self._shown(display, jobs, pictures)
                display += 1
            else:
                waiting[unit.display] = list(jobs)
            while display in waiting:
                yield from self._shown(display, waiting.pop(display), pictures)
                display += 1
        if self.settings.gfv_id is not None and not self.jobs.faces:
            raise GfvError("the stream has no message of this face", element="gfv_id", value=self.settings.gfv_id)
        rest = 0
        while (picture := pictures.take(display + rest)) is not None:
            yield Shown(picture, None, None, picture.format, display + rest, 0, 1)
            rest += 1
        if rest:
            self._note(f"the decoder gave {counted(rest, 'picture')} more than the stream has in output order")

    def expected(self, source: str, syntax: str = "auto") -> int:
        """About how many pictures `play` will give: for who waits for them. Reads the stream once."""
        total = 0
        for unit in picture_units(source, syntax):
            messages = (record.get("message", {}).get("gfv_id") for record in unit.faces)
            total += max(1, sum(1 for gfv_id in messages if self.settings.gfv_id in (None, gfv_id)))
        return total

    def _shown(self, display: int, jobs: Iterator[Job] | list[Job], pictures: _Pictures) -> Iterator[Shown]:
        picture = pictures.get(display)
        if self.settings.counted:
            jobs = list(jobs)
        parts = len(jobs) if isinstance(jobs, list) else 0
        for part, job in enumerate(jobs):
            if job.parameters is not None:
                shown = self._generated(job, picture, pictures)
            else:
                shown = Shown(picture, None, job.record, picture.format, display)
                if job.base is not None:
                    job.base.picture = picture
                    self._check(job.base, pictures)
                    shown = self._keyed(shown, job.base)
            self._last = shown = shown._replace(display=display, part=part, parts=parts)
            yield shown
        pictures.drop(display)

    def _generated(self, job: Job, picture: Picture, pictures: _Pictures) -> Shown:
        base, parameters, record = job.base, job.parameters, job.record
        assert base is not None
        assert parameters is not None
        assert record is not None
        if parameters.low_confidence:
            self.counts.low_confidence += 1
            if self.settings.low_confidence == HOLD and self._last is not None:
                return self._last._replace(record=record)
        if base.display is None:
            raise ModelError(
                "its base picture is not output by the decoder", element="gfv_base_picture_flag", au=record["au"]
            )
        try:
            self._come_back_to(base, pictures)
            coded = None
            if job.fusion:
                if self._takes_coded_picture:
                    coded = to_rgb(picture)
                else:
                    self._note("the stream has pictures for fusion (gfv_fusion_pic_flag), no network here takes them")
            made = self.networks.generate(parameters, coded, number=job.number)
        except GfvError as error:
            raise error.at(au=record["au"], nal=record["nal"]) from None
        assert base.picture is not None
        self.counts.generated += 1
        return self._keyed(Shown(None, made, record, base.picture.format, 0), base)

    @property
    def _takes_coded_picture(self) -> bool:
        return any(one.takes(Role.CODED_PICTURE) for one in self.runners)

    def _check(self, base: Base, pictures: _Pictures) -> None:
        """Tell at the base message what does not fit, before anything is generated."""
        assert base.picture is not None
        format = base.picture.format
        try:
            self._take_networks_of(base)
            self.networks.check(base.parameters, format.height, format.width)
            if self.several:  # also those from which alone nothing is generated
                self._come_back_to(base, pictures)
        except GfvError as error:
            raise error.at(au=base.record["au"], nal=base.record["nal"]) from None

    def _take_networks_of(self, base: Base) -> None:
        """Put its translator and its enhancer to work; a translator is chosen, if one is needed, the first time."""
        assert base.picture is not None
        if base.translator is None and self.translators is not None and not base.chosen:
            format = base.picture.format
            facts = StreamFacts.of(base.parameters, format.height, format.width, fusion=None)
            base.translator = self.translators.choose(facts, self.networks.generator)
        base.chosen = True
        self.networks.translator, self.networks.enhancer = base.translator, base.enhancer

    @property
    def several(self) -> bool:
        """Whether the generator takes several base pictures."""
        return self.networks.generator.contract.most_references > 1

    def _come_back_to(self, base: Base, pictures: _Pictures) -> None:
        """Make it the base picture of the networks; what depends on it alone is done the first time only."""
        if base.in_force is None:
            if base.picture is None:
                assert base.display is not None
                base.picture = pictures.get(base.display)
            before = None
            if base.before is not None:
                self._come_back_to(base.before, pictures)
                before = base.before.in_force
                base.before = None  # else each would keep all those before it
            self._take_networks_of(base)
            self.networks.set_base(to_rgb(base.picture), base.parameters, before, number=base.number)
            base.in_force = self.networks.in_force
        self.networks.in_force = base.in_force

    def _keyed(self, shown: Shown, base: Base) -> Shown:
        """With the viewer's background, where the base message in force has a chroma key."""
        background = self.settings.background
        if background is None or base.key is None:
            return shown
        planes = to_rgb(shown.coded) if shown.coded is not None else shown.generated
        assert planes is not None
        self.counts.keyed += 1
        mixed = background.behind(planes, base.key, shown.format, self.settings.key_components)
        return shown._replace(coded=None, generated=mixed)


class _Pictures:
    """Decoded pictures by their place in output order, read as far as they are asked for."""

    def __init__(self, decoded: Iterator[Picture]) -> None:
        self.decoded = decoded
        self.read = 0
        self.kept: dict[int, Picture] = {}

    def take(self, display: int) -> Picture | None:
        """The picture of a place that was not dropped yet; None beyond the last."""
        while self.read <= display:
            picture = self._next()
            if picture is None:
                return None
            self.kept[self.read] = picture
            self.read += 1
        return self.kept[display]

    def _next(self) -> Picture | None:
        try:
            return next(self.decoded, None)
        except ToolError as error:
            if not error.wrote:  # it was no program at work that failed
                raise
            decoded = (
                f"pictures cannot be decoded beyond the first {self.read}" if self.read else "no picture is decoded"
            )
            raise ToolError(f"the stream may be cut off or damaged, {decoded}: {error.reason}", error.wrote) from error

    def get(self, display: int) -> Picture:
        """Likewise; beyond the last it is a StreamError."""
        picture = self.take(display)
        if picture is None:
            raise StreamError(
                f"the stream has a picture number {display} in output order, "
                f"but the decoder gave {counted(self.read, 'picture')}"
            )
        return picture

    def drop(self, display: int) -> None:
        """Forget a picture that was shown."""
        del self.kept[display]
