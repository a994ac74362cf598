"""The command `dh-train`: from cases to verified model packages. `dh-train --help` lists what it does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dh_training.processes import restart_with_settings
from dh_training.training.roles import ROLE_NAMES

# Everything that loads PyTorch is imported where it is needed, so that help and mistakes in a command take no time.
if TYPE_CHECKING:
    from dh_training.config import TrainingConfig
    from dh_training.training.role import Sources

_INTERRUPTED = 130
_FOLDER = click.Path(file_okay=False, path_type=Path)
_CASES = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_config = click.option("--config", type=_FILE, required=True, help="YAML, such as python/config/full.yaml.")
_cases = click.option("--cases", type=_CASES, help="Folder of training case folders; absent: phantoms are made.")
_out = click.option("--out", type=_FOLDER, required=True, help="Folder for everything made; a run goes on there.")
_corpus = click.option("--corpus", type=_FOLDER, help="Folder of the problems; default OUT/corpus.")
_trajectories = click.option(
    "--trajectories", type=_CASES, help="Folder of recorded runs of the cases, for roles that learn from them."
)
_models = click.option("--models", type=_FOLDER, help="Folder of model packages; default OUT/models.")
_jobs = click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes at once.")
_steps = click.option("--steps", type=click.IntRange(min=1), help="Training steps, instead of the configuration's.")
_begin = click.option(
    "--begin",
    type=_FILE,
    help="best.pt of an earlier run of the role, or model.onnx of its package, whose weights training begins with.",
)
_device = click.option(
    "--device",
    type=click.Choice(["cpu", "cuda"]),
    default="cpu",
    show_default=True,
    help="Where the network is; dose and objective are computed on the CPU.",
)


_sources = (_config, _cases, _out, _corpus, _trajectories, _models)
_training = (*_sources, _jobs, _steps, _device)


def _with(options: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    """Adds options to a command, in this order."""
    return lambda work: reduce(lambda wrapped, option: option(wrapped), reversed(options), work)


@dataclass(frozen=True)
class _Workplace:
    """Where the parts of a command's work lie."""

    config: TrainingConfig
    sources: Sources
    out: Path
    models: Path
    command: str


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dh-training")
def main() -> None:
    """Train the learned roles of dh-advisor. Research software.

    Everything is made below one folder and goes on where it was when the same command is given again.
    """


def _told(work: Callable[..., None]) -> Callable[..., None]:
    """Our own faults as one message and status 1, an interruption as what to do next."""

    @wraps(work)
    def wrapped(*args: Any, **options: Any) -> None:  # noqa: ANN401 - click's
        from dh_training.config import ConfigError
        from dh_training.corpus import CorpusError
        from dh_training.measuring import MeasuringError
        from dh_training.packages import PackageError
        from dh_training.rtmodel import RtModelError
        from dh_training.training.fit import TrainingError

        try:
            work(*args, **options)
        except (ConfigError, CorpusError, MeasuringError, PackageError, RtModelError, TrainingError, OSError) as fault:
            raise click.ClickException(str(fault)) from fault
        except KeyboardInterrupt:
            click.echo("dh-train: stopped; the same command goes on from the last checkpoint", err=True)
            sys.exit(_INTERRUPTED)

    return wrapped


@main.command()
@click.option("--out", type=_FOLDER, required=True, help="Folder for the case folders.")
@click.option("--count", type=click.IntRange(min=1), default=12, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the first phantom.")
@_told
def phantoms(out: Path, count: int, seed: int) -> None:
    """Make synthetic cases, the kinds in turn."""
    from dh_training.golden import make_phantoms

    make_phantoms(count, seed, out)
    click.echo(f"{count} phantoms in {out}")


@main.command()
@click.argument("cases", type=_CASES)
@click.option("--config", type=_FILE, help="Takes its section `corpus`; absent: the defaults.")
@click.option("--out", type=_FOLDER, required=True, help="Folder for the problems.")
@_jobs
@_told
def corpus(cases: Path, config: Path | None, out: Path, jobs: int) -> None:
    """Make the problems of all cases below CASES."""
    from dh_training.config import read_config
    from dh_training.corpus import CorpusOptions
    from dh_training.training.runs import sources_of

    options = CorpusOptions() if config is None else read_config(config).corpus
    _make_problems(sources_of(_plannable(cases), out, options), jobs)


def _train_command(role: str) -> click.Command:
    @click.command(role, help=f"Train and export the role {role}.")
    @_with(_training)
    @_begin
    @_told
    def train(
        config: Path, steps: int | None, begin: Path | None, device: str, jobs: int, **folders: Path | None
    ) -> None:
        from dh_training.training.roles import find_role

        work = _workplace(config, role, folders)
        if role not in work.config.roles:
            raise click.ClickException(f"{config}: no section roles.{role}")
        if find_role(role).learns_from == "corpus":
            _make_problems(work.sources, jobs)
        _train(role, work, steps, device, jobs, begin)

    return train


for _role in ROLE_NAMES:
    main.add_command(_train_command(_role))


@main.command("all")
@_with(_training)
@_told
def all_roles(config: Path, steps: int | None, device: str, jobs: int, **folders: Path | None) -> None:
    """Train and export every configured role."""
    from dh_training.training.roles import find_role

    work = _workplace(config, "all", folders)
    _make_problems(work.sources, jobs)
    # In the order of ROLE_NAMES, whatever the file's: a role may begin where an earlier one's model leads.
    for role in sorted(work.config.roles, key=ROLE_NAMES.index):
        if find_role(role).learns_from == "trajectories" and work.sources.trajectories is None:
            click.echo(f"{role}: left out; it learns from recorded runs, give their folder with --trajectories")
            continue
        _train(role, work, steps, device, jobs)


@main.command("ridge-start")
@click.argument("cases", type=_CASES)
@_out
@_models
@_told
def ridge_start(cases: Path, out: Path, models: Path | None) -> None:
    """Fit the baseline start of evaluations.

    A ridge regression to plans of all cases below CASES, which are made and kept in OUT/plans. The arm `lbfgs-ridge`
    of an evaluation starts from it.
    """
    from dh_training.training.ridge_start import export_ridge

    folder, error = export_ridge(_plannable(cases), out / "plans", models or out / "models", "dh-train ridge-start")
    click.echo(f"wrote {folder}: error {error:.3f} of the variance on the dev patients")


@main.command()
@click.argument("role", type=click.Choice(ROLE_NAMES))
@_with(_sources)
@_told
def export(role: str, config: Path, **folders: Path | None) -> None:
    """Write a package while training goes on.

    Of the best checkpoint so far, with what the run in OUT was started with; also after it.
    """
    from dh_training.training.runs import export_role

    work = _workplace(config, role, folders)
    click.echo(f"wrote {export_role(role, work.sources, work.out / role, work.models)}")


@main.command()
@click.argument("packages", metavar="MODEL...", nargs=-1, required=True, type=_CASES)
@_told
def verify(packages: tuple[Path, ...]) -> None:
    """Check model packages.

    Files, hashes, signature, golden answers. Each MODEL is a folder <name>/<version>.
    """
    from dh_training.packages import PackageError, verify_package

    faults = []
    for package in packages:
        try:
            shares = verify_package(package.resolve())
        except PackageError as fault:
            faults.append(str(fault))
        else:
            click.echo(f"{package}: sound; {len(shares)} golden cases, at most {max(shares.values()):.2f} of tolerance")
    if faults:
        raise PackageError("\n".join(faults))


def _workplace(config: Path, role: str, folders: dict[str, Path | None]) -> _Workplace:
    from dh_training.config import read_config
    from dh_training.golden import make_phantoms
    from dh_training.training.runs import sources_of

    read = read_config(config)
    out = folders["out"]
    assert out is not None  # click: required
    cases = folders["cases"]
    if cases is None:
        if read.phantoms == 0:
            raise click.UsageError(f"--cases is missing, and {config} asks for no phantoms")
        cases = out / "phantoms"
        make_phantoms(read.phantoms, 1, cases)
    corpus = folders["corpus"] or out / "corpus"
    models = folders["models"] or out / "models"
    sources = sources_of(_plannable(cases), corpus, read.corpus, folders["trajectories"], models)
    sources = replace(sources, measured=out / "measured")
    sources.split()  # before hours of work
    command = f"dh-train {role} --config {config.name}"
    return _Workplace(read, sources, out, models, command)


def _plannable(cases: Path) -> list[Path]:
    from dh_training.problems import plannable_cases

    found = list(plannable_cases(cases))
    if not found:
        raise click.ClickException(
            f"{cases}: no folder with a plannable case.json in it; docs/case-format.md says more"
        )
    return found


def _make_problems(sources: Sources, jobs: int) -> None:
    from dh_training.corpus import problems_of
    from dh_training.training.runs import prepare_sources

    faults = prepare_sources(sources, jobs)
    for fault in faults:
        click.echo(f"left out: {fault}", err=True)
    wanted = len(problems_of(list(sources.cases), sources.options))
    click.echo(f"{wanted - len(faults)} of {wanted} problems in {sources.corpus}")


def _train(role: str, work: _Workplace, steps: int | None, device: str, jobs: int, begin: Path | None = None) -> None:
    import torch

    from dh_training.training.role import Measuring
    from dh_training.training.roles import find_role
    from dh_training.training.runs import export_role, train_role, with_steps

    if device == "cuda" and not torch.cuda.is_available():
        raise click.ClickException("this PyTorch sees no CUDA device; leave --device out, or install one that does")
    config = with_steps(work.config.roles[role], steps)
    sources = replace(work.sources, begin=begin)
    trained = find_role(role)
    if isinstance(trained, Measuring):
        for fault in trained.measure(config, sources, jobs):
            click.echo(f"left out: {fault}", err=True)
    command = work.command if begin is None else f"{work.command} --begin {sources.begun_with}"
    best = train_role(role, config, sources, work.out / role, device=device, command=command)
    click.echo(f"{role}: best figure on the dev patients {best:.4f}")
    click.echo(f"{role}: wrote {export_role(role, sources, work.out / role, work.models)}")


def run() -> None:
    """The program: `main` in a process with the settings that training wants."""
    restart_with_settings(sys.argv[1:])
    main(prog_name="dh-train")


if __name__ == "__main__":
    run()
