"""Writes a dose as DICOM RTDOSE."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RTDoseStorage, RTPlanStorage, generate_uid

from dh_cases.fault import CaseError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dh_cases.volumes.grid import Grid

# What lets other programs lay the dose over its CT; all of it tells who the patient is.
_OF_PATIENT_AND_STUDY = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"),
    *("FrameOfReferenceUID", "PositionReferenceIndicator"),
)
_HIGHEST_STORED = 2**32 - 1


def _identity(case_id: str, like: Dataset | None) -> Dataset:
    identity = Dataset()
    if like is not None:
        for keyword in _OF_PATIENT_AND_STUDY:
            setattr(identity, keyword, like.get(keyword, ""))
        return identity
    for keyword in _OF_PATIENT_AND_STUDY:
        setattr(identity, keyword, "")
    identity.PatientID = case_id
    identity.PatientName = f"{case_id}^"
    identity.PatientIdentityRemoved = "YES"
    identity.DeidentificationMethod = "dh-cases: never known"
    # Random, so that it leads back to nothing.
    identity.StudyInstanceUID = generate_uid(prefix=None)
    identity.FrameOfReferenceUID = generate_uid(prefix=None)
    return identity


def write_rtdose(
    path: Path,
    dose_gy: NDArray[np.float32],
    grid: Grid,
    case_id: str,
    like: Dataset | None = None,
    plan: Dataset | None = None,
) -> None:
    """Writes a dose, Gy, indexed [x, y, z] on `grid`.

    `like` is a header of the CT that the case came from, whose patient and frame of reference the file gets; without
    it the file tells nothing of the patient. `plan` is the header of an RTPLAN to refer to. Raises CaseError for a dose
    that is no dose, and OSError.
    """
    if not np.all(np.isfinite(dose_gy)) or dose_gy.min() < 0:
        raise CaseError(path, "would hold doses that are negative or no number", "write the dose anew")
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = RTDoseStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(prefix=None)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(str(path), _identity(case_id, like), file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID = RTDoseStorage
    data.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    data.Modality = "RTDOSE"
    data.Manufacturer = "dh-advisor"
    data.ManufacturerModelName = "rtmodel"
    data.SoftwareVersions = f"dh-cases {version('dh-cases')}"
    data.SeriesInstanceUID = generate_uid(prefix=None)
    data.SeriesDescription = "Research software: not for treating anybody"
    data.SeriesNumber = data.InstanceNumber = 1
    data.OperatorsName = ""
    data.DoseUnits = "GY"
    data.DoseType = "PHYSICAL"
    data.DoseSummationType = "PLAN"
    data.DoseComment = "Reference dose model of rtmodel, total of all fractions"
    # DICOM asks for a plan; where there is none a random UID leads to nothing.
    reference = Dataset()
    reference.ReferencedSOPClassUID = RTPlanStorage
    reference.ReferencedSOPInstanceUID = plan.SOPInstanceUID if plan is not None else generate_uid(prefix=None)
    data.ReferencedRTPlanSequence = [reference]
    columns, rows, frames = grid.size
    data.Rows, data.Columns, data.NumberOfFrames = rows, columns, frames
    data.PixelSpacing = [grid.spacing_mm[1], grid.spacing_mm[0]]
    data.SliceThickness = grid.spacing_mm[2]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.ImagePositionPatient = [round(value, 6) for value in grid.origin_mm]
    data.GridFrameOffsetVector = [round(grid.spacing_mm[2] * frame, 6) for frame in range(frames)]
    data.FrameIncrementPointer = 0x3004000C
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 32
    data.HighBit = 31
    data.PixelRepresentation = 0
    highest = float(dose_gy.max())
    # The scaling is stored as text of 16 characters, and it is the one read back that counts.
    scaling = float(f"{max(highest, 1e-3) / (_HIGHEST_STORED - 1e6):.9e}")
    data.DoseGridScaling = f"{scaling:.9e}"
    stored = np.round(np.transpose(dose_gy, (2, 1, 0)).astype(np.float64) / scaling).astype(np.uint32)
    data.PixelData = stored.tobytes()
    data.save_as(path, enforce_file_format=True)
