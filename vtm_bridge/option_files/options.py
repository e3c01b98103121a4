"""The options of the reference encoders, each described once: name, what it carries, how it is listed, its limits.

Writing, reading and checking walk these tables and know no option by its name, only by the syntax element or value
that it carries. A dialect is a selection of a table's rows, and never an ``if`` on a name.

What an option carries is either a syntax element (its name in H.274), or, where no single element corresponds:
``enabled`` and ``number`` (of messages), ``network_file``, and the real numbers ``x``, ``y``, ``z``, ``element``,
``left.x``, ``left.y``, ``right.x``, ``right.y``.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from gfv_sei.errors import GfvError
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES

UNSIGNED = 2**32 - 1


class Per(Enum):
    """What one value of an option belongs to."""

    RUN = "the whole run"
    MESSAGE = "one message"
    TYPE = "one matrix type (GFVE: one matrix) of a message"
    VALUE = "one number"


class Kind(Enum):
    """What a value of an option is."""

    FLAG = "flag"
    NUMBER = "number"
    REAL = "real number"
    TEXT = "text"


class Option(NamedTuple):
    """One option.

    name        as in the file, without the prefix of its table
    carries     the syntax element or value; see above
    plus        what is added to the element: 1 for those that are coded minus 1
    low, high   limits of the option itself, in its own numbers
    most        how long its list may be
    several     how many values it has for the whole run
    counted     the encoder stops unless there is exactly one value per message
    filler      what stands for a message that does not have the element
    editions    of the syntax in which the option exists; empty for all
    shared      JM: one value for all matrix types of a message
    """

    name: str
    per: Per
    kind: Kind
    carries: str
    plus: int = 0
    low: float = 0
    high: float = 2550
    most: int = 102400
    several: int = 1
    counted: bool = False
    filler: int = 0
    editions: tuple[str, ...] = ()
    shared: bool = False


class Table(NamedTuple):
    """The options for one payload type."""

    payload_type: int
    prefix: str
    options: tuple[Option, ...]

    @property
    def elements(self) -> str:
        """How the names of this payload type's syntax elements start."""
        return MESSAGE_TYPES[self.payload_type].prefix

    def edition(self, syntax: str) -> Table:
        """The options that exist in one edition of the syntax."""
        return self._replace(options=tuple(o for o in self.options if not o.editions or syntax in o.editions))

    def carrying(self, what: str) -> Option:
        """The option that carries this."""
        return next(option for option in self.options if option.carries == what)

    def has(self, what: str) -> bool:
        """Whether some option carries this."""
        return any(option.carries == what for option in self.options)


class Dialect(NamedTuple):
    """What one reference encoder reads.

    name            of the encoder, as --for and --compat take it
    title           in error messages
    syntax          edition of the syntax that it writes
    lists           True: one file, each option a list over all messages; False: JM's files, message after message
    most_bytes      what the messages of a picture may take, None for no limit
    """

    name: str
    title: str
    syntax: str
    tables: dict[int, Table]
    lists: bool = True
    most_bytes: int | None = None


NEW, OLD = ("vsei4",), ("draft-b",)
_R, _M, _T, _V = Per.RUN, Per.MESSAGE, Per.TYPE, Per.VALUE
_FLAG, _NUMBER, _REAL, _TEXT = Kind.FLAG, Kind.NUMBER, Kind.REAL, Kind.TEXT

_COORDINATE: dict[str, Any] = {"low": -1.0, "high": 1.0}
_ELEMENT: dict[str, Any] = {"low": -50960.0, "high": 50960.0, "most": 5095000}


def _network(elements: str) -> tuple[Option, ...]:
    return (
        Option("Enabled", _R, _FLAG, "enabled"),
        Option("Number", _R, _NUMBER, "number", high=102400),
        Option("BasePicFlag", _R, _FLAG, f"{elements}_base_picture_flag"),
        Option("NNPresentFlag", _R, _FLAG, f"{elements}_nn_present_flag"),
        Option("NNModeIdc", _R, _NUMBER, f"{elements}_nn_mode_idc", high=UNSIGNED - 1),
        Option("NNTagURI", _R, _TEXT, f"{elements}_nn_tag_uri"),
        Option("NNURI", _R, _TEXT, f"{elements}_nn_uri"),
        Option("PayloadFilename", _R, _TEXT, "network_file"),
    )


_VTM_GFV = Table(
    GFV,
    "SEIGenerativeFaceVideo",
    (
        *_network("gfv"),
        Option("ChromaKeyInfoPresentFlag", _R, _FLAG, "gfv_chroma_key_info_present_flag"),
        Option("ChromaKeyPurposeIdc", _R, _NUMBER, "gfv_chroma_key_purpose_idc", high=UNSIGNED, editions=NEW),
        Option("ChromaKeyValuePresentFlag", _R, _FLAG, "gfv_chroma_key_value_present_flag", several=3),
        Option("ChromaKeyValue", _R, _NUMBER, "gfv_chroma_key_value", several=3),
        Option("ChromaKeyThrPresentFlag", _R, _FLAG, "gfv_chroma_key_thr_present_flag", editions=NEW),
        Option("ChromaKeyThrPresentFlag", _R, _FLAG, "gfv_chroma_key_thr_present_flag", several=2, editions=OLD),
        Option("ChromaKeyThrLower", _R, _NUMBER, "gfv_chroma_key_thr_lower", high=UNSIGNED, editions=NEW),
        Option(
            "ChromaKeyThrUpperDeltaMinus1",
            _R,
            _NUMBER,
            "gfv_chroma_key_thr_upper_delta_minus1",
            high=UNSIGNED,
            editions=NEW,
        ),
        Option("ChromaKeyThrValue", _R, _NUMBER, "gfv_chroma_key_thr_value", several=2, editions=OLD),
        Option("Id", _M, _NUMBER, "gfv_id", counted=True),
        Option("Cnt", _M, _NUMBER, "gfv_cnt", counted=True),
        Option("FusionPicFlag", _M, _FLAG, "gfv_fusion_pic_flag", counted=True, editions=NEW),
        Option("DrivePicFusionFlag", _M, _FLAG, "gfv_drive_picture_fusion_flag", counted=True, editions=OLD),
        Option("LowConfidenceFaceParameterFlag", _M, _FLAG, "gfv_low_confidence_face_parameter_flag", counted=True),
        Option("CoordinatePresentFlag", _M, _FLAG, "gfv_coordinate_present_flag", counted=True),
        Option("CoordinatePredFlag", _M, _FLAG, "gfv_kps_pred_flag", counted=True),
        Option(
            "CoordinateQuantizationFactor",
            _M,
            _NUMBER,
            "gfv_coordinate_precision_factor_minus1",
            plus=1,
            filler=1,
        ),
        Option("CoordinatePointNum", _M, _NUMBER, "gfv_num_kps_minus1", plus=1),
        Option("3DCoordinateFlag", _M, _FLAG, "gfv_coordinate_z_present_flag"),
        Option(
            "ZCoordinateMaxValue",
            _M,
            _NUMBER,
            "gfv_coordinate_z_max_value_minus1",
            plus=1,
            high=10240,
            most=10240,
        ),
        Option("XCoordinate", _V, _REAL, "x", **_COORDINATE),
        Option("YCoordinate", _V, _REAL, "y", **_COORDINATE, most=10240),
        Option("ZCoordinate", _V, _REAL, "z", low=-10240.0, high=10240.0),
        Option("MatrixPresentFlag", _M, _FLAG, "gfv_matrix_present_flag", counted=True),
        Option("MatrixPredFlag", _M, _FLAG, "gfv_matrix_pred_flag"),
        Option(
            "MatrixElementPrecisionFactor",
            _M,
            _NUMBER,
            "gfv_matrix_element_precision_factor_minus1",
            plus=1,
            filler=1,
        ),
        Option("NumMatrixType", _M, _NUMBER, "gfv_num_matrix_types_minus1", plus=1),
        Option("MatrixTypeIdx", _T, _NUMBER, "gfv_matrix_type_idx"),
        Option("NumMatricestoNumKpsFlag", _T, _FLAG, "gfv_num_matrices_equal_to_num_kps_flag"),
        Option("NumMatricesInfo", _T, _NUMBER, "gfv_num_matrices_info"),
        Option("Matrix3DSpaceFlag", _T, _FLAG, "gfv_matrix_for_3D_space_flag", high=1),
        Option("NumMatrices", _T, _NUMBER, "gfv_num_matrices_minus1", plus=1),
        Option("MatrixWidth", _T, _NUMBER, "gfv_matrix_width_minus1", plus=1),
        Option("MatrixHeight", _T, _NUMBER, "gfv_matrix_height_minus1", plus=1),
        Option("MatrixElement", _V, _REAL, "element", **_ELEMENT),
    ),
)

_VTM_GFVE = Table(
    GFVE,
    "SEIGenerativeFaceVideoEnhancement",
    (
        *_network("gfve"),
        Option("Id", _M, _NUMBER, "gfve_id", counted=True),
        Option("GFVId", _M, _NUMBER, "gfve_gfv_id", counted=True),
        Option("GFVCnt", _M, _NUMBER, "gfve_gfv_cnt", counted=True),
        Option("MatrixPresentFlag", _M, _FLAG, "gfve_matrix_present_flag", counted=True),
        Option("MatrixPredFlag", _M, _FLAG, "gfve_matrix_pred_flag", counted=True),
        Option(
            "MatrixElementPrecisionFactor",
            _M,
            _NUMBER,
            "gfve_matrix_element_precision_factor_minus1",
            plus=1,
            counted=True,
            filler=1,
        ),
        Option("NumMatrices", _M, _NUMBER, "gfve_num_matrices_minus1", plus=1, counted=True),
        Option("MatrixWidth", _T, _NUMBER, "gfve_matrix_width_minus1", plus=1),
        Option("MatrixHeight", _T, _NUMBER, "gfve_matrix_height_minus1", plus=1),
        Option("MatrixElement", _V, _REAL, "element", **_ELEMENT),
        Option("PupilPresentIdx", _M, _NUMBER, "gfve_pupil_coordinate_present_idx", counted=True),
        Option(
            "PupilCoordinatePrecisionFactor",
            _M,
            _NUMBER,
            "gfve_pupil_coordinate_precision_factor_minus1",
            plus=1,
            counted=True,
            filler=1,
        ),
        Option("PupilLeftEyeCoordinateX", _M, _REAL, "left.x", **_ELEMENT, counted=True),
        Option("PupilLeftEyeCoordinateY", _M, _REAL, "left.y", **_ELEMENT, counted=True),
        Option("PupilRightEyeCoordinateX", _M, _REAL, "right.x", **_ELEMENT, counted=True),
        Option("PupilRightEyeCoordinateY", _M, _REAL, "right.y", **_ELEMENT, counted=True),
    ),
)

# JM, in the order of its files. Its ue(v) writer ends at 2^31 - 2; it has no limits of its own on real numbers.
_JM_MOST = 2**31 - 2
_ANY: dict[str, Any] = {"low": float("-inf"), "high": float("inf"), "most": UNSIGNED}


def _jm(name: str, per: Per, carries: str, kind: Kind = _NUMBER, **more: int) -> Option:
    limits: dict[str, Any] = {"high": 1 if kind is _FLAG else _JM_MOST, "most": UNSIGNED}
    return Option(name, per, kind, carries, **{**(_ANY if kind is _REAL else limits), **more})


def _jm_start(elements: str) -> tuple[Option, ...]:
    return (
        _jm("number", _R, "number"),
        _jm("base_pic_flag", _R, f"{elements}_base_picture_flag", _FLAG),
        _jm("nn_present_flag", _R, f"{elements}_nn_present_flag", _FLAG),
        _jm("nn_mode_idc", _R, f"{elements}_nn_mode_idc"),
        _jm("nn_tag_uri", _R, f"{elements}_nn_tag_uri", _TEXT),
        _jm("nn_uri", _R, f"{elements}_nn_uri", _TEXT),
        _jm("payload_filename", _R, "network_file", _TEXT),
    )


_JM_GFV = Table(
    GFV,
    "gfv_",
    (
        *_jm_start("gfv"),
        _jm("id", _M, "gfv_id"),
        _jm("cnt", _M, "gfv_cnt"),
        _jm("drive_pic_fusion_flag", _M, "gfv_drive_picture_fusion_flag", _FLAG),
        _jm("low_confidence_face_parameter_flag", _M, "gfv_low_confidence_face_parameter_flag", _FLAG),
        _jm("chroma_key_info_present_flag", _M, "gfv_chroma_key_info_present_flag", _FLAG),
        _jm("chroma_key_value_present_flag", _M, "gfv_chroma_key_value_present_flag", _FLAG, several=3),
        _jm("chroma_key_value", _M, "gfv_chroma_key_value", several=3),
        _jm("chroma_key_thr_present_flag", _M, "gfv_chroma_key_thr_present_flag", _FLAG, several=2),
        _jm("chroma_key_thr_value", _M, "gfv_chroma_key_thr_value", several=2),
        _jm("coordinate_present_flag", _M, "gfv_coordinate_present_flag", _FLAG),
        _jm("coordinate_pred_flag", _M, "gfv_kps_pred_flag", _FLAG),
        _jm("coordinate_quantization_factor", _M, "gfv_coordinate_precision_factor_minus1", plus=1, filler=1),
        _jm("coordinate_point_num", _M, "gfv_num_kps_minus1", plus=1),
        _jm("3d_coordinate_flag", _M, "gfv_coordinate_z_present_flag", _FLAG),
        _jm("coordinate_z_max_value", _M, "gfv_coordinate_z_max_value_minus1", plus=1),
        _jm("coordinate_x", _V, "x", _REAL),
        _jm("coordinate_y", _V, "y", _REAL),
        _jm("coordinate_z", _V, "z", _REAL),
        _jm("matrix_present_flag", _M, "gfv_matrix_present_flag", _FLAG),
        _jm("matrix_pred_flag", _M, "gfv_matrix_pred_flag", _FLAG),
        _jm("matrix_element_precision_factor", _M, "gfv_matrix_element_precision_factor_minus1", plus=1, filler=1),
        _jm("num_matrix_type", _M, "gfv_num_matrix_types_minus1", plus=1),
        _jm("matrix_type_idx", _T, "gfv_matrix_type_idx"),
        _jm("num_matrices_to_num_kps_flag", _T, "gfv_num_matrices_equal_to_num_kps_flag", _FLAG, shared=True),
        _jm("num_matrices_info", _T, "gfv_num_matrices_info", shared=True),
        _jm("matrix_3D_space_flag", _T, "gfv_matrix_for_3D_space_flag", _FLAG, shared=True),
        _jm("num_matrices", _T, "gfv_num_matrices_minus1", plus=1),
        _jm("matrix_width", _T, "gfv_matrix_width_minus1", plus=1),
        _jm("matrix_height", _T, "gfv_matrix_height_minus1", plus=1),
        _jm("matrix_element", _V, "element", _REAL),
    ),
)

_JM_GFVE = Table(
    GFVE,
    "gfve_",
    (
        *_jm_start("gfve"),
        _jm("id", _M, "gfve_id"),
        _jm("gfv_id", _M, "gfve_gfv_id"),
        _jm("gfv_cnt", _M, "gfve_gfv_cnt"),
        _jm("matrix_present_flag", _M, "gfve_matrix_present_flag", _FLAG),
        _jm("matrix_pred_flag", _M, "gfve_matrix_pred_flag", _FLAG),
        _jm("matrix_element_precision_factor", _M, "gfve_matrix_element_precision_factor_minus1", plus=1, filler=1),
        _jm("num_matrices", _M, "gfve_num_matrices_minus1", plus=1),
        _jm("matrix_width", _T, "gfve_matrix_width_minus1", plus=1),
        _jm("matrix_height", _T, "gfve_matrix_height_minus1", plus=1),
        _jm("matrix_element", _V, "element", _REAL),
        _jm("pupil_present_idx", _M, "gfve_pupil_coordinate_present_idx"),
        _jm("pupil_coordinate_precision_factor", _M, "gfve_pupil_coordinate_precision_factor_minus1", plus=1, filler=1),
        _jm("pupil_left_eye_coordinate_x", _M, "left.x", _REAL),
        _jm("pupil_left_eye_coordinate_y", _M, "left.y", _REAL),
        _jm("pupil_right_eye_coordinate_x", _M, "right.x", _REAL),
        _jm("pupil_right_eye_coordinate_y", _M, "right.y", _REAL),
    ),
)


def _lists(name: str, title: str, syntax: str) -> Dialect:
    return Dialect(name, title, syntax, {t.payload_type: t.edition(syntax) for t in (_VTM_GFV, _VTM_GFVE)})


DIALECTS = (
    _lists("vtm", "VTM 24.0", "vsei4"),
    _lists("vtm", "VTM 23.9 to 23.11", "draft-b"),
    _lists("hm", "HM", "draft-b"),
    Dialect("jm", "JM", "draft-b", {GFV: _JM_GFV, GFVE: _JM_GFVE}, lists=False, most_bytes=65496),
)
"""All that are known, the newest of each encoder first."""


def encoder_names() -> tuple[str, ...]:
    """The encoders that have a dialect."""
    return tuple(dict.fromkeys(dialect.name for dialect in DIALECTS))


def syntaxes() -> tuple[str, ...]:
    """The editions of the syntax that some encoder with a dialect writes."""
    return tuple(dict.fromkeys(dialect.syntax for dialect in DIALECTS))


def dialect_named(name: str, syntax: str | None = None) -> Dialect:
    """The dialect of an encoder; by default of its newest version. GfvError where there is none."""
    found = [dialect for dialect in DIALECTS if dialect.name == name]
    if not found:
        raise GfvError("unknown reference encoder", element="dialect", value=name, allowed=", ".join(encoder_names()))
    for dialect in found:
        if syntax in (None, dialect.syntax):
            return dialect
    editions = ", ".join(dialect.syntax for dialect in found)
    raise GfvError(
        f"no version of {found[0].title} that writes it is known here", element="syntax", value=syntax, allowed=editions
    )
