"""Writes the anatomy as a clinic's DICOM export, with everything in it that tells who the patient is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from anatomy import (
    BODY_MM,
    CORD_MM,
    CORD_RADIUS_MM,
    PAROTID_MM,
    PAROTID_RADIUS_MM,
    TARGET_MM,
    TARGET_RADIUS_MM,
    Anatomy,
)
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRLittleEndian,
    RTDoseStorage,
    RTPlanStorage,
    RTStructureSetStorage,
    generate_uid,
)

IDENTITY = {
    "PatientName": "Haberstroh^Zacharias^Maria",
    "PatientID": "HN-4711-X",
    "PatientBirthDate": "19510623",
    "AccessionNumber": "ACC998877",
    "InstitutionName": "Klinikum Musterstadt",
    "ReferringPhysicianName": "Quendolin^Otto",
    "StudyDate": "20240229",
    "StudyID": "STUDY-815",
}
"""None of these words may leave the import."""


class DicomExport:
    """A folder of one patient's files, each written when asked for."""

    def __init__(self, folder: Path, anatomy: Anatomy) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.anatomy = anatomy
        self.study_uid, self.frame_uid, self.series_uid = (generate_uid() for _ in range(3))
        self.structure_uid, self.plan_uid = generate_uid(), generate_uid()
        self.slice_uids = [generate_uid() for _ in range(anatomy.grid.size[2])]

    def uids(self) -> list[str]:
        """Every UID that was made up for the export."""
        return [self.study_uid, self.frame_uid, self.series_uid, self.structure_uid, self.plan_uid, *self.slice_uids]

    def dataset(self, name: str, class_uid: str, modality: str, uid: str) -> FileDataset:
        """A file with a patient's data, still to be filled."""
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = UID(class_uid)
        meta.MediaStorageSOPInstanceUID = UID(uid)
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset(str(self.folder / name), {}, file_meta=meta, preamble=b"\0" * 128)
        for keyword, value in IDENTITY.items():
            setattr(data, keyword, value)
        data.SOPClassUID, data.SOPInstanceUID, data.Modality = class_uid, uid, modality
        data.StudyInstanceUID, data.FrameOfReferenceUID = self.study_uid, self.frame_uid
        return data

    def save(self, data: Dataset, name: str) -> None:
        """Writes a file into the folder."""
        data.save_as(self.folder / name, enforce_file_format=True)

    def write_ct(self, skip: tuple[int, ...] = (), flipped: bool = False) -> None:
        """The slices, named so that their order tells nothing. `flipped`: as of a patient who lies prone."""
        grid = self.anatomy.grid
        for index in range(grid.size[2]):
            if index in skip:
                continue
            data = self.dataset("", CTImageStorage, "CT", self.slice_uids[index])
            data.SeriesInstanceUID = self.series_uid
            data.Rows, data.Columns = grid.size[1], grid.size[0]
            data.PixelSpacing = [grid.spacing_mm[1], grid.spacing_mm[0]]
            data.SliceThickness = grid.spacing_mm[2]
            x, y, z = (float(grid.centers_mm(axis)[0]) for axis in range(3))
            z += index * grid.spacing_mm[2]
            plane = self.anatomy.ct_hu[:, :, index].T
            data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
            if flipped:
                data.ImageOrientationPatient = [-1, 0, 0, 0, -1, 0]
                x, y = (float(grid.centers_mm(axis)[-1]) for axis in range(2))
                plane = plane[::-1, ::-1]
            data.ImagePositionPatient = [x, y, z]
            data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
            data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
            data.RescaleSlope, data.RescaleIntercept = 1, -1024
            data.PixelData = (plane.astype(np.int32) + 1024).astype(np.uint16).tobytes()
            self.save(data, f"CT{(index * 7919) % 1000:03d}.dcm")

    def write_structures(self, name: str = "RS.dcm", **changes: object) -> FileDataset:
        """PTV, parotid, cord, a body with a hole drawn inside, a couch, a point and a label with a name in it."""
        data = self.dataset(name, RTStructureSetStorage, "RTSTRUCT", self.structure_uid)
        frame = str(changes.get("frame_uid", self.frame_uid))
        rois = [
            ("PTV 60 Gy", "PTV", self._ball(TARGET_MM, TARGET_RADIUS_MM)),
            ("Parotis re", "ORGAN", self._ball(PAROTID_MM, PAROTID_RADIUS_MM)),
            ("Myelon", "ORGAN", self._cylinder(CORD_MM, (CORD_RADIUS_MM, CORD_RADIUS_MM))),
            ("Outline", "EXTERNAL", self._cylinder((0.0, 0.0), BODY_MM)),
            ("CouchSurface", "SUPPORT", self._cylinder((0.0, 70.0), (60.0, 3.0))),
            ("Node Haberstroh", "ORGAN", self._ball((40.0, 20.0, 0.0), 9.0)),
            ("Never drawn", "ORGAN", []),
        ]
        data.StructureSetROISequence, data.ROIContourSequence, data.RTROIObservationsSequence = [], [], []
        for number, (label, kind, contours) in enumerate(rois, start=11):
            roi = Dataset()
            roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = number, label, frame
            data.StructureSetROISequence.append(roi)
            observation = Dataset()
            observation.ObservationNumber, observation.ReferencedROINumber = number, number
            observation.RTROIInterpretedType = kind
            data.RTROIObservationsSequence.append(observation)
            drawn = Dataset()
            drawn.ReferencedROINumber = number
            drawn.ContourSequence = contours
            data.ROIContourSequence.append(drawn)
        self.save(data, name)
        return data

    def write_plan(self) -> FileDataset:
        """Five static beams about the target, 30 fractions, 58.5 Gy to the target's ROI."""
        data = self.dataset("RP.dcm", RTPlanStorage, "RTPLAN", self.plan_uid)
        data.BeamSequence = []
        for gantry in (0.0, 72.0, 144.0, 216.0, 288.0):
            beam, point = Dataset(), Dataset()
            point.GantryAngle, point.PatientSupportAngle, point.GantryRotationDirection = gantry, 0.0, "NONE"
            point.IsocenterPosition = [19.0, -9.0, 7.0]
            beam.ControlPointSequence, beam.RadiationType, beam.TreatmentDeliveryType = [point], "PHOTON", "TREATMENT"
            data.BeamSequence.append(beam)
        fractions, reference, structure_set = Dataset(), Dataset(), Dataset()
        fractions.NumberOfFractionsPlanned = 30
        data.FractionGroupSequence = [fractions]
        reference.ReferencedROINumber, reference.TargetPrescriptionDose = 11, 58.5
        data.DoseReferenceSequence = [reference]
        structure_set.ReferencedSOPInstanceUID = self.structure_uid
        structure_set.ReferencedSOPClassUID = RTStructureSetStorage
        data.ReferencedStructureSetSequence = [structure_set]
        self.save(data, "RP.dcm")
        return data

    def write_dose(self, **changes: object) -> FileDataset:
        """A dose on a coarser grid that falls off with the distance from the target."""
        data = self.dataset("RD.dcm", RTDoseStorage, "RTDOSE", generate_uid())
        size, spacing = (36, 30, 18), 5.0
        start = [-0.5 * (extent - 1) * spacing for extent in (36, 30)] + [-0.5 * 17 * 4.0]
        x, y, z = np.meshgrid(
            *(start[axis] + np.arange(size[axis]) * (spacing, spacing, 4.0)[axis] for axis in range(3)), indexing="ij"
        )
        distance = np.sqrt((x - TARGET_MM[0]) ** 2 + (y - TARGET_MM[1]) ** 2 + (z - TARGET_MM[2]) ** 2)
        dose = 60.0 * np.exp(-((distance / 60.0) ** 2))
        data.Rows, data.Columns, data.NumberOfFrames = size[1], size[0], size[2]
        data.PixelSpacing, data.ImageOrientationPatient = [spacing, spacing], [1, 0, 0, 0, 1, 0]
        data.ImagePositionPatient = start
        data.GridFrameOffsetVector = [4.0 * frame for frame in range(size[2])]
        data.DoseUnits, data.DoseType, data.DoseSummationType = "GY", "PHYSICAL", "PLAN"
        data.DoseGridScaling = 60.0 / 65000
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation = 15, 0
        data.PixelData = np.round(np.transpose(dose, (2, 1, 0)) * 65000 / 60.0).astype(np.uint16).tobytes()
        for keyword, value in changes.items():
            setattr(data, keyword, value)
        self.save(data, "RD.dcm")
        return data

    def _contour(self, points: list[tuple[float, float]], index: int) -> Dataset:
        z = float(self.anatomy.grid.centers_mm(2)[index])
        contour, image = Dataset(), Dataset()
        contour.ContourGeometricType = "CLOSED_PLANAR"
        contour.NumberOfContourPoints = len(points)
        contour.ContourData = [round(value, 4) for x, y in points for value in (x, y, z)]
        image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = CTImageStorage, self.slice_uids[index]
        contour.ContourImageSequence = [image]
        return contour

    def _ellipse(self, center: tuple[float, float], radii: tuple[float, float], index: int) -> Dataset:
        angles = np.linspace(0.0, 2.0 * np.pi, 96, endpoint=False)
        return self._contour(
            [(center[0] + radii[0] * np.cos(a), center[1] + radii[1] * np.sin(a)) for a in angles], index
        )

    def _cylinder(self, center: tuple[float, float], radii: tuple[float, float]) -> list[Dataset]:
        return [self._ellipse(center, radii, index) for index in range(self.anatomy.grid.size[2])]

    def _ball(self, center: tuple[float, float, float], radius: float) -> list[Dataset]:
        contours = []
        for index, z in enumerate(self.anatomy.grid.centers_mm(2)):
            if abs(z - center[2]) < radius:
                flat = float(np.sqrt(radius**2 - (z - center[2]) ** 2))
                contours.append(self._ellipse(center[:2], (flat, flat), index))
        return contours
