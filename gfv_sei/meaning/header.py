"""What a message says besides its values: identifiers, flags, network, chroma key."""

from __future__ import annotations

import re
from typing import Any

# The elements of keypoints, matrices and pupils, down to their counts and precisions: how values are coded.
_CODING = re.compile("coordinate|kps|matri|pupil")


def header_of(fields: dict[str, Any]) -> dict[str, Any]:
    """The syntax elements that are not the coding of values."""
    return {name: value for name, value in fields.items() if not _CODING.search(name)}
