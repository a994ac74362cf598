"""The command `dh-cases`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from dh_cases.export.export_plan import ExportOptions, export_plan
from dh_cases.fault import CaseError
from dh_cases.importing import DEFAULT_SPACING_MM, ImportOptions, import_case
from dh_cases.naming.choices import NamingOptions
from dh_cases.readers.choose_reader import READERS
from dh_cases.screen import ProgressLine, describe

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Pair(click.ParamType):
    """`LABEL=VALUE`; the last sign of equality counts, since labels may have some."""

    name = "LABEL=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:  # noqa: ANN401
        label, sign, rest = str(value).rpartition("=")
        if not sign or not label.strip() or not rest.strip():
            self.fail(f"{value!r} is not LABEL=VALUE", param, ctx)
        return label.strip(), rest.strip()


class _Lengths(click.ParamType):
    """One number or three, in mm."""

    name = "MM"

    def __init__(self, needs_three: bool = False, word: str | None = None) -> None:
        self._needs_three = needs_three
        self._word = word

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[float, float, float] | None:
        if self._word is not None and str(value) == self._word:
            return None
        try:
            numbers = [float(part) for part in str(value).split(",")]
        except ValueError:
            numbers = []
        if len(numbers) == 1 and not self._needs_three:
            numbers *= 3
        if len(numbers) != 3 or not all(-1e6 < number < 1e6 for number in numbers):
            self.fail(f"{value!r} is not {'X,Y,Z' if self._needs_three else 'a length or X,Y,Z'} in mm", param, ctx)
        return numbers[0], numbers[1], numbers[2]


def _doses(pairs: tuple[tuple[str, str], ...]) -> dict[str, float]:
    doses: dict[str, float] = {}
    for label, text in pairs:
        if not re.fullmatch(r"\d+(\.\d+)?", text) or not 0 < float(text) <= 200:
            raise click.BadParameter(f"{text!r} of {label!r} is no dose in Gy, above 0 and at most 200")
        doses[label] = float(text)
    return doses


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dh-cases")
def main() -> None:
    """Make cases for dh-advisor of other programs' files, and give plans back to them. Research software.

    Exit status: 0 done, 1 input that can't be used, 2 command line not understood.
    """


@main.command("import")
@click.argument("sources", nargs=-1, required=True, type=_EXISTING, metavar="SOURCE...")
@click.option(
    "--out",
    type=_FOLDER,
    help="Folder of the case; of several sources, the folder that holds theirs, called by their ids.",
)
@click.option("--from", "kind", type=click.Choice(list(READERS)), help="What SOURCE is; found out when left out.")
@click.option(
    "--spacing-mm",
    type=_Lengths(word="native"),
    default=f"{DEFAULT_SPACING_MM[0]:g}",
    show_default=True,
    help="Size of a voxel, mm: one length, X,Y,Z, or `native` for the source's own.",
)
@click.option(
    "--whole-field", is_flag=True, help="Keep the whole CT; otherwise it is cropped to 20 mm around the structures."
)
@click.option(
    "--map", "names", type=_Pair(), multiple=True, metavar="LABEL=NAME", help="Name of a structure after TG-263."
)
@click.option(
    "--prescription",
    type=_Pair(),
    multiple=True,
    metavar="LABEL=GY",
    help="Total dose of a target in Gy. Makes a target of the structure.",
)
@click.option("--leave-out", multiple=True, metavar="LABEL", help="A structure to leave out.")
@click.option("--body", metavar="LABEL", help="The structure that is the patient's outline.")
@click.option(
    "--isocenter-mm",
    type=_Lengths(needs_three=True),
    metavar="X,Y,Z",
    help="Where the beams meet, LPS, mm; a plan's own or the middle of the targets when left out.",
)
@click.option("--ct", "ct_file", type=_FILE, help="CT of masks or of a label map, NIfTI or NRRD.")
@click.option(
    "--names", "names_file", type=_FILE, help='Names of a label map: CSV (1,PTV_7000) or JSON ({"PTV_7000": 1}).'
)
@click.option("--id", "case_id", help="Id of the case; no person's name or number. Made from the CT when left out.")
@click.option(
    "--keep-labels", is_flag=True, help="Keep labels of DICOM that are not in TG-263; they may tell who the patient is."
)
@click.option("--dry-run", is_flag=True, help="Read, decide and estimate; write nothing.")
def import_command(
    sources: tuple[Path, ...],
    out: Path | None,
    kind: str | None,
    spacing_mm: tuple[float, float, float] | None,
    whole_field: bool,
    names: tuple[tuple[str, str], ...],
    prescription: tuple[tuple[str, str], ...],
    leave_out: tuple[str, ...],
    body: str | None,
    isocenter_mm: tuple[float, float, float] | None,
    ct_file: Path | None,
    names_file: Path | None,
    case_id: str | None,
    keep_labels: bool,
    dry_run: bool,
) -> None:
    """Make a case of each SOURCE.

    A SOURCE is a folder of DICOM files (CT and RTSTRUCT, perhaps RTPLAN and RTDOSE), a .mat file of matRad or
    pyRadPlan, a folder of NIfTI masks beside their CT, a label map (NIfTI, NRRD, a segmentation of 3D Slicer), or a
    patient's folder of the OpenKBP data set. Names, dates and UIDs of DICOM are left behind.
    """
    if out is None and not dry_run:
        raise click.UsageError("give --out FOLDER, or --dry-run")
    if case_id is not None and (len(sources) > 1 or not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", case_id)):
        raise click.UsageError("--id: give letters, digits, points, lines and underscores, 64 at most, for one source")
    options = ImportOptions(
        format=kind,
        spacing_mm=spacing_mm,
        keeps_field=whole_field,
        naming=NamingOptions(dict(names), _doses(prescription), body, keep_labels),
        left_out=frozenset(leave_out),
        isocenter_mm=isocenter_mm,
        id=case_id,
        is_collection=len(sources) > 1,
        ct_file=ct_file,
        names_file=names_file,
    )
    faults = 0
    made: set[str] = set()
    for source in sources:
        try:
            _import_one(source, None if dry_run else out, options, made)
        except CaseError as fault:
            # One that fails must not cost the others.
            faults += 1
            click.echo(f"dh-cases: {fault}", err=True)
    if len(sources) > 1:
        click.echo(f"{len(sources) - faults} of {len(sources)} imported")
    if faults:
        sys.exit(1)


def _import_one(source: Path, out: Path | None, options: ImportOptions, made: set[str]) -> None:
    progress = ProgressLine()

    def tell(text: str) -> None:
        progress.close()
        if not options.is_collection:
            click.echo(text)

    try:
        case = import_case(source, out, options, progress=progress, tell=tell, taken=frozenset(made))
    finally:
        progress.close()
    if case is None:
        return
    made.add(case.id)
    if options.is_collection:
        click.echo(f"{source}: {case.id}, {len(case.structures)} structures, grid {case.grid}")
        return
    click.echo(describe(case))
    for note in case.notes:
        click.echo(f"note: {note}")
    click.echo(f"wrote {case.id} to {out}; see what `rtmodel check {out}` says of it")


@main.command("export")
@click.argument("case", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--result", type=_FILE, help="What `rtmodel optimize --out` wrote; its weights go to weights.csv.")
@click.option("--dose", type=_FILE, help="What `rtmodel optimize --dose` wrote; goes to dose.nii.gz and dose.dcm.")
@click.option("--out", type=_FOLDER, required=True, help="Folder for the files; made when needed.")
@click.option(
    "--like",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="DICOM folder that the case came from. dose.dcm gets its patient, study and frame of reference, so that "
    "programs lay it over the CT, and then tells who the patient is.",
)
def export_command(case: Path, result: Path | None, dose: Path | None, out: Path, like: Path | None) -> None:
    """Write a plan of CASE in other programs' formats."""
    if result is None and dose is None:
        raise click.UsageError("give --result FILE, --dose FILE, or both")
    try:
        written, notes = export_plan(case, out, ExportOptions(result, dose, like))
    except CaseError as fault:
        click.echo(f"dh-cases: {fault}", err=True)
        sys.exit(1)
    for note in notes:
        click.echo(f"note: {note}")
    for file in written:
        click.echo(f"wrote {file}")


def run() -> None:
    """Entry point of the command."""
    main(prog_name="dh-cases")
