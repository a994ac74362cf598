"""Masks in NIfTI and NRRD, and what holds for every source."""

from __future__ import annotations

from pathlib import Path

import nibabel
import nrrd
import numpy as np
import pytest
from anatomy import Anatomy, expect_anatomy, read_made_case
from nifti_makers import write_masks, write_volume
from running import Run, import_ok, refusal
from scipy.ndimage import spline_filter1d

from dh_cases import import_case
from dh_cases.volumes.orient import affine_of


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("mask_type", [np.uint8, np.float32])
def test_masks(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path, kind: type, mask_type: type) -> None:
    write_masks(tmp_path / "masks", anatomy, mask_type, kind)
    import_ok(run, tmp_path / "masks", "--out", out)
    expect_anatomy(read_made_case(out))


def test_masks_as_nrrd(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    # RAS as some write it, with x and y turned round.
    header = {
        "space": "right-anterior-superior",
        "space directions": np.diag(anatomy.grid.spacing_mm) * [-1, -1, 1],
        "space origin": np.array(anatomy.grid.origin_mm) * [-1, -1, 1],
    }
    folder = tmp_path / "masks"
    folder.mkdir()
    nrrd.write(str(folder / "ct.nrrd"), anatomy.ct_hu, header, index_order="F")
    for name, mask in anatomy.masks.items():
        nrrd.write(str(folder / f"{name}.nrrd"), mask.astype(np.uint8), header, index_order="F")
    import_ok(run, folder, "--out", out)
    expect_anatomy(read_made_case(out))
    nrrd.write(str(folder / "PTV60.nrrd"), anatomy.masks["PTV60"].astype(np.uint8), index_order="F")
    assert "does not say where it lies: it needs space" in refusal(run, folder, "--out", out)


def test_masks_in_any_orientation(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    folder.mkdir()
    affine = affine_of(anatomy.grid)
    # RSA instead of LPS: axes swapped, one turned round.
    swap = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [-1, 0, 0, anatomy.grid.size[0] - 1], [0, 0, 0, 1]])

    def turned(volume: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.transpose(volume[::-1], (1, 2, 0)))

    new_affine = affine @ np.linalg.inv(swap)
    write_volume(folder / "ct.nii.gz", turned(anatomy.ct_hu), new_affine)
    for name, mask in anatomy.masks.items():
        write_volume(folder / f"{name}.nii.gz", turned(mask).astype(np.uint8), new_affine)
    import_ok(run, folder, "--out", out)
    expect_anatomy(read_made_case(out))


def test_masks_that_overshoot_after_a_resampling(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    """A spline through a step, as resamplers of other programs make it, goes below 0 and above 1."""
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    affine = affine_of(anatomy.grid)
    for name, mask in anatomy.masks.items():
        soft = spline_filter1d(mask.astype(np.float32), order=3, axis=0, mode="nearest", output=np.float32)
        # A fifth of the way to the spline's coefficients.
        soft = (0.8 * mask + 0.2 * soft).astype(np.float32)
        assert soft.min() < -0.05
        assert soft.max() > 1.05
        write_volume(folder / f"{name}.nii.gz", soft, affine)
    import_ok(run, folder, "--out", out)
    expect_anatomy(read_made_case(out))
    write_volume(folder / "PTV60.nii.gz", anatomy.masks["PTV60"].astype(np.float32) - 0.5, affine)
    assert "has values from -0.5 to 0.5" in refusal(run, folder, "--out", tmp_path / "other")


def test_shares_are_kept_as_shares(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    """A float mask of voxels half inside has half their volume."""
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    half = anatomy.masks["Parotid_R"].astype(np.float32) * 0.5
    write_volume(folder / "Larynx.nii.gz", half, affine_of(anatomy.grid))
    import_ok(run, folder, "--out", out)
    case = read_made_case(out)
    assert case.structure("Larynx")["source_volume_cc"] == pytest.approx(
        0.5 * case.structure("Parotid_R")["source_volume_cc"], rel=1e-3
    )


def test_a_body_is_made_from_the_ct_where_none_is_drawn(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    (folder / "Body.nii.gz").unlink()
    output = import_ok(run, folder, "--out", out, "--spacing-mm", "native")
    assert "made from the CT" in output
    case = read_made_case(out)
    assert case.structure("Body")["role"] == "body"
    drawn = anatomy.masks["Body"]
    assert (case.mask("Body") ^ drawn).sum() < 0.02 * drawn.sum()


def test_forty_structures_fit(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    for number in range(36):
        mask = np.roll(anatomy.masks["Parotid_R"], number - 18, axis=1).astype(np.uint8)
        write_volume(folder / f"Node{number:02d}.nii.gz", mask, affine_of(anatomy.grid))
    import_ok(run, folder, "--out", out)
    case = read_made_case(out)
    assert case.bits.dtype == np.uint64
    assert len(case.names) == 40
    assert all(case.mask(name).sum() == case.structure(name)["voxels"] > 0 for name in case.names)


def test_thin_structures_keep_their_volume(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    nerve = np.zeros(anatomy.grid.size, np.uint8)
    nerve[20:50, 30, 12] = 1
    write_volume(folder / "OpticNrv_L.nii.gz", nerve, affine_of(anatomy.grid))
    output = import_ok(run, folder, "--out", out)
    assert "thin or small for the grid" in output
    case = read_made_case(out)
    volume = 30 * anatomy.grid.voxel_cc
    assert abs(case.volume_cc("OpticNrv_L") - volume) <= 0.5 * 0.125


def test_masks_that_do_not_fit_are_refused(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    mask, affine = anatomy.masks["PTV60"].astype(np.uint8), affine_of(anatomy.grid)
    file = folder / "PTV60.nii.gz"
    write_volume(file, mask[:-1], affine)
    assert "has another grid than the CT" in refusal(run, folder, "--out", out)
    shifted = affine.copy()
    shifted[0, 3] += 10.0
    write_volume(file, mask, shifted)
    assert "lies elsewhere than the CT" in refusal(run, folder, "--out", out)
    write_volume(file, mask + (mask & np.arange(mask.shape[0], dtype=np.uint8)[:, None, None] % 2), affine)
    assert "import it as one: --from label-map" in refusal(run, folder, "--out", out)
    write_volume(file, np.where(mask, np.nan, 0).astype(np.float32), affine)
    assert "no number" in refusal(run, folder, "--out", out)
    write_volume(file, np.zeros_like(mask), affine)
    assert "PTV60: is empty" in refusal(run, folder, "--out", out)
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1")
    assert "is not a complete NIfTI volume" in refusal(run, folder, "--out", out)
    turned = affine.copy()
    turned[:3, :3] = turned[:3, :3] @ np.array([[0.99, -0.14, 0], [0.14, 0.99, 0], [0, 0, 1]])
    write_volume(file, mask, turned)
    assert "is turned against the patient's axes" in refusal(run, folder, "--out", out)


def test_the_grid_has_limits(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    write_masks(tmp_path / "masks", anatomy)
    assert "a case has at most 100 million" in refusal(
        run, tmp_path / "masks", "--out", out, "--spacing-mm", "0.2", "--whole-field"
    )
    assert "between 0.1 and 50 mm" in refusal(run, tmp_path / "masks", "--out", out, "--spacing-mm", "60")
    for wrong in ("1,2", "nan", "wide"):
        assert run("import", tmp_path / "masks", "--out", out, "--spacing-mm", wrong).exit_code == 2


def test_a_target_without_a_dose_is_asked_for(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    (folder / "PTV60.nii.gz").rename(folder / "PTV_High.nii.gz")
    assert "--prescription 'PTV_High'=GY" in refusal(run, folder, "--out", out)
    import_ok(run, folder, "--out", out, "--prescription", "ptv_high=66")
    assert read_made_case(out).structure("PTV_High")["tg263_name"] == "PTV_6600"
    assert run("import", folder, "--out", out, "--prescription", "ptv_high=6600").exit_code == 2


def test_importing_again_takes_away_what_is_no_longer_there(
    anatomy: Anatomy, tmp_path: Path, run: Run, out: Path
) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    write_volume(folder / "dose.nii.gz", np.full(anatomy.grid.size, 30.0, np.float32), affine_of(anatomy.grid))
    import_ok(run, folder, "--out", out)
    assert (out / "reference_dose.nii.gz").exists()
    (folder / "dose.nii.gz").unlink()
    import_ok(run, folder, "--out", out)
    assert not (out / "reference_dose.nii.gz").exists()


def test_a_source_that_is_not_of_the_format_it_is_said_to_be(
    anatomy: Anatomy, tmp_path: Path, run: Run, out: Path
) -> None:
    write_masks(tmp_path / "masks", anatomy)
    file = tmp_path / "masks" / "ct.nii.gz"
    for kind in ("dicom", "masks", "openkbp"):
        assert f"give a folder for --from {kind}" in refusal(run, file, "--out", out, "--from", kind)
    for kind in ("matrad", "label-map"):
        assert f"give a file for --from {kind}" in refusal(run, tmp_path / "masks", "--out", out, "--from", kind)
    assert "is not a complete MATLAB file" in refusal(run, file, "--out", out, "--from", "matrad")
    for kind in ("dicom", "openkbp"):
        refusal(run, tmp_path / "masks", "--out", out, "--from", kind)
    (tmp_path / "empty").mkdir()
    assert "has neither DICOM" in refusal(run, tmp_path / "empty", "--out", out)
    (tmp_path / "notes.txt").write_text("nothing")
    assert "is no file that can be imported" in refusal(run, tmp_path / "notes.txt", "--out", out)


def test_files_of_somebody_else_are_left_alone(anatomy: Anatomy, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "masks"
    write_masks(folder, anatomy)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert "has files that are no case's" in refusal(run, folder, "--out", folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_progress_is_told_while_there_is_work(anatomy: Anatomy, tmp_path: Path, out: Path) -> None:
    write_masks(tmp_path / "masks", anatomy)
    told: list[tuple[str, int, int]] = []
    sentences: list[str] = []
    import_case(
        tmp_path / "masks",
        out,
        progress=lambda *step: told.append(step),
        tell=lambda text: sentences.append(f"{len(told)}: {text}"),
    )
    assert [step for step in told if step[0] == "resampling structures"] == [
        ("resampling structures", done, 4) for done in (1, 2, 3, 4)
    ]
    # The estimate stands before the work.
    assert [sentence.partition(":")[0] for sentence in sentences] == ["4", "4"]
