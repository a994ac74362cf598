"""Cases for dh-advisor from other programs' files, and plans back out. Research software: not for treating anybody."""

from dh_cases.fault import CaseError
from dh_cases.importing import ImportOptions, import_case
from dh_cases.source import Source, SourceStructure
from dh_cases.volumes.grid import Grid

__all__ = ["CaseError", "Grid", "ImportOptions", "Source", "SourceStructure", "import_case"]
