"""Option files of the reference encoders: our records into files that VTM, HM and JM take, and back.

An encoder of that kind gets its GFV and GFVE messages from its configuration, as lists of real numbers, which it
rounds and predicts by itself. So a file that is to give certain bits has to be made backwards, and that is what stands
here. How the parts use each other, from the bottom:

    options      every option once: name, syntax element, list, limits; dialects are selections of them
    text         the two file formats, ``name: value`` and ``name = value``
    forming      how many matrices of which size the encoders make of the options of a type
    rounding     their floating point, and the number that is rounded to a wanted element
    translation  messages of one edition of the syntax in the words of another
    reading      option files into records: what the encoder would make of them
    writing      records into option files, in the end read again by ``reading`` and compared

Three decisions. *Exact or refused*: a file is handed out only if the encoder makes the very payloads of the records
of it, those of ``inject --compat``; where options cannot say that, there is an error with the reason and no file.
*One model of the encoder*: ``reading`` is it, and ``writing`` is checked against it; that the model is right is shown
by tests that run the real VTM. *Nothing is fetched*: reading opens no file; the bytes of a network come from a
function that the caller hands in.
"""

from __future__ import annotations

from vtm_bridge.option_files.options import Dialect, dialect_named
from vtm_bridge.option_files.reading import Imported, read_option_files
from vtm_bridge.option_files.writing import Exported, make_option_files

__all__ = ["Dialect", "Exported", "Imported", "dialect_named", "make_option_files", "read_option_files"]
