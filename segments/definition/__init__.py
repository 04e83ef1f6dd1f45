"""A definition, from JSON to one query of ids: what everybody else needs of it.

`parsing` makes typed `nodes` of JSON or says what is wrong with it (`faults`), `references` looks after the segments
that it names, `compiling` makes the query of `conditions`, `figures` and sets of ids, `near` narrows it to some of the
members, `english` reads it back, `stored` does so for a version that was kept, `personal` says what may be asked by
those who see names masked.
"""

from segments.definition.compiling import Compiler, ids
from segments.definition.english import read_back
from segments.definition.faults import DefinitionFaults, Fault
from segments.definition.nodes import segments_used
from segments.definition.parsing import parse

__all__ = ["Compiler", "DefinitionFaults", "Fault", "ids", "parse", "read_back", "segments_used"]
