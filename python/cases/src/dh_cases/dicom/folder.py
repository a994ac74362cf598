"""Finds what lies in a folder of DICOM files."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from dh_cases.fault import CaseError

_RADIOTHERAPY = {"RTSTRUCT": "structure sets", "RTPLAN": "plans", "RTDOSE": "doses"}
# Where a header tells who, where and when; every date and every UID tells, too.
_TELLING_KEYWORDS = (
    *("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "InstitutionName", "InstitutionAddress"),
    *("StationName", "InstitutionalDepartmentName", "IssuerOfPatientID", "DeviceSerialNumber", "PatientComments"),
)
# Shorter words are parts of other words too often.
_SHORTEST_IDENTIFIER = 3


@dataclass(frozen=True)
class Header:
    """A file and its header, without pixels."""

    path: Path
    data: Dataset

    def pixels(self) -> Dataset:
        """The whole file."""
        return pydicom.dcmread(self.path, force=True)


@dataclass
class DicomFolder:
    """The files that matter, by what they are."""

    path: Path
    series: dict[str, list[Header]] = field(default_factory=lambda: defaultdict(list))
    """CT slices by SeriesInstanceUID."""
    others: dict[str, list[Header]] = field(default_factory=lambda: defaultdict(list))
    """By modality: RTSTRUCT, RTPLAN, RTDOSE."""
    left_out: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Number of files by modality that are nothing to import."""

    def one(self, modality: str, needed: bool) -> Header | None:
        """The one file of a modality. Raises CaseError when there are several, or none although it is needed."""
        found = self.others[modality]
        if len(found) > 1:
            names = ", ".join(sorted(header.path.name for header in found))
            raise CaseError(
                self.path,
                f"has {len(found)} {_RADIOTHERAPY[modality]} ({names})",
                "keep the one that is meant in the folder",
            )
        if not found and needed:
            raise CaseError(self.path, f"has no {modality}", "export the structure set together with its CT")
        return found[0] if found else None


def read_folder(path: Path) -> DicomFolder:
    """Reads the headers of all DICOM files below a folder; other files are left alone."""
    found = DicomFolder(path)
    for file in sorted(path.rglob("*")):
        if not file.is_file() or file.name == "DICOMDIR":
            continue
        data = _read_header(file)
        if data is None:
            continue
        modality = str(data.get("Modality", "unknown"))
        if modality == "CT" and "ImagePositionPatient" in data:
            found.series[str(data.get("SeriesInstanceUID", ""))].append(Header(file, data))
        elif modality == "CT" and "SharedFunctionalGroupsSequence" in data:
            raise CaseError(file, "is an enhanced CT of several frames", "export the CT as one file a slice")
        elif modality in _RADIOTHERAPY:
            found.others[modality].append(Header(file, data))
        else:
            found.left_out[modality] += 1
    if not found.series:
        raise CaseError(path, "has no CT slices", "put the slices of the planning CT and its RTSTRUCT into one folder")
    return found


def _read_header(file: Path) -> Dataset | None:
    """None of what is no DICOM file. Some programs leave the preamble out that others know DICOM by."""
    try:
        return pydicom.dcmread(file, stop_before_pixels=True)
    except InvalidDicomError:
        pass
    try:
        data = pydicom.dcmread(file, stop_before_pixels=True, force=True)
    except Exception:
        # Whatever goes wrong in what may be any kind of file: it is not for us.
        return None
    return data if "SOPClassUID" in data and "Modality" in data else None


def hide(label: str, identifiers: frozenset[str]) -> str:
    """A label without the texts that tell who the patient is."""
    for word in sorted(identifiers, key=len, reverse=True):
        label = re.sub(re.escape(word), "***", label, flags=re.IGNORECASE)
    return label


def identifiers_in(headers: list[Header]) -> frozenset[str]:
    """Texts of the headers that tell who the patient is, lower case."""
    found: set[str] = set()

    def note(text: object) -> None:
        word = str(text).strip().lower()
        if len(word) >= _SHORTEST_IDENTIFIER:
            found.add(word)

    def visit(_: Dataset, element: pydicom.DataElement) -> None:
        if element.is_empty:
            return
        if element.VR == "PN":
            for part in str(element.value).replace("=", "^").replace(" ", "^").replace(",", "^").split("^"):
                note(part)
        elif element.VR in {"DA", "DT"} or element.keyword in _TELLING_KEYWORDS:
            note(element.value)
        elif element.VR == "UI" and not str(element.value).startswith("1.2.840.10008."):
            note(element.value)

    for header in headers:
        header.data.walk(visit)
    return frozenset(found)
