"""Option files of the reference encoders: records to the files that VTM, HM and JM read, and back.

A reference encoder gets its GFV and GFVE messages from its configuration, as lists of real numbers, which it rounds and
predicts by itself. A file that leads to given bits must therefore be computed backwards. That is the task of this
package. The parts, from the bottom:

    options      every option once: name, syntax element, list, limits; dialects are selections of options
    text         the two file formats, ``name: value`` and ``name = value``
    listed       where the options of a message are in a file
    forming      how many matrices of which size the encoders make from the options of a type
    rounding     the encoders' floating point, and a number that they round to a wanted element
    translation  messages of one edition of the syntax in the elements of another
    reading      option files to records: what the encoder would write
    prepared     records to export: their payloads, and their messages read with the encoder's state
    run_settings      settings that hold for all messages of a file: base flag, network, chroma key
    message_settings  settings of one message: elements, layout, and real numbers that become its elements
    listing      settings as the text of a file, checked against the limits of the options
    writing      records to option files; the result is read again by ``reading`` and compared

Three decisions. *Exact or refused*: a file is written only if the encoder makes exactly the payloads of the records
from it, those of ``inject --compat``. If the options cannot express the records, there is an error with the reason and
no file. *One model of the encoder*: ``reading`` is this model, and ``writing`` is checked against it. Tests that run
the real VTM show that the model is correct. *Nothing is fetched*: reading opens no file. The caller passes a function
that provides the bytes of a network.
"""

from __future__ import annotations

from vtm_bridge.option_files.options import Dialect, dialect_named
from vtm_bridge.option_files.reading import Imported, read_option_files
from vtm_bridge.option_files.writing import Exported, make_option_files

__all__ = ["Dialect", "Exported", "Imported", "dialect_named", "make_option_files", "read_option_files"]
