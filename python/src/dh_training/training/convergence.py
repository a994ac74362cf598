"""Trains `convergence` causally: at every iteration of recorded runs, from what was known then, where it ended."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from dh_training.golden import GOLDEN_PLANS, make_phantom
from dh_training.networks.convergence import HISTORY, ConvergenceNetwork, laplace_loss
from dh_training.networks.convergence_graph import ConvergenceGraph
from dh_training.packages import Arrays, Port
from dh_training.rtmodel import Iteration, Prescription, RtModelWrapper
from dh_training.training.fit import FitOptions, TrainingError
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.trajectories import Trajectory, TrajectoryError, find_trajectories, read_trajectory

FloatArray = npt.NDArray[np.float32]
_LEAST = 1e-12


@dataclass(frozen=True)
class StageHistory:
    """Every moment of one stage as a question with its answer."""

    patient: str
    history: FloatArray
    """(iterations, 10, 4), columns as in docs/model-format.md."""
    state: FloatArray
    """(iterations, 6)."""
    final_log10_ratio: FloatArray
    """(iterations,): log10(objective at the end of the stage / objective now), at most 0."""


@dataclass(frozen=True)
class Coverage:
    """Share of answers inside central intervals, by their nominal share."""

    nominal: tuple[float, ...]
    actual: tuple[float, ...]


NOMINAL = (0.6827, 0.90, 0.95)
_SIGMAS = (1.0, 1.6449, 1.96)


def read_stages(folder: Path) -> list[StageHistory]:
    """Every stage of at least two iterations of every whole trajectory in a recording directory.

    A trajectory that can't be read is left out and named on standard error.
    """
    stages: list[StageHistory] = []
    for path in find_trajectories(folder):
        try:
            stages.extend(stages_of(read_trajectory(path)))
        except TrajectoryError as fault:
            tqdm.write(f"left out: {fault}", file=sys.stderr)
    return stages


def stages_of(trajectory: Trajectory) -> Iterable[StageHistory]:
    """The stages that ended as the solver ended them; one that was cut off has no end to predict."""
    iterations, stages = trajectory.iterations, trajectory.stages
    is_lbfgs = float(trajectory.facts["solver"] == "lbfgs")
    for index, stage in enumerate(stages.stage):
        rows = np.flatnonzero(iterations.stage == stage)
        end = float(stages.objective[index])
        if len(rows) < 2 or not np.isfinite(end) or stages.stop_reason[index] in ("", "advice", "cancelled"):
            continue
        objective = iterations.objective[rows]
        size = trajectory.anatomy["levels"][int(stages.level[index])]["beamlet_count"]
        state = np.zeros((len(rows), 6), dtype=np.float32)
        state[:, 0] = stages.level[index]
        state[:, 1] = np.log10(stages.histogram_sigma_gy[index])
        state[:, 2] = iterations.iteration[rows] / 100.0
        state[:, 3] = np.log10(size)
        state[:, 4] = stage
        state[:, 5] = is_lbfgs
        ratio = np.minimum(_log10(np.full(len(rows), end)) - _log10(objective), 0.0)
        yield StageHistory(
            patient=trajectory.patient_id or trajectory.session_id,
            history=pack_history(objective, iterations.gradient_norm[rows]),
            state=state,
            final_log10_ratio=ratio.astype(np.float32),
        )


def pack_history(objective: npt.NDArray[np.float64], gradient_norm: npt.NDArray[np.float64]) -> FloatArray:
    """(iterations,) twice -> (iterations, 10, 4): what the plugin `convergence` packs at each of them."""
    gain = np.zeros_like(objective)
    gain[1:] = (objective[:-1] - objective[1:]) / np.maximum(np.abs(objective[:-1]), _LEAST)
    rows = np.stack([_log10(objective), _log10(gradient_norm), gain, np.ones_like(gain)], axis=1)
    padded = np.concatenate([np.zeros((HISTORY - 1, 4)), rows])
    windows = np.lib.stride_tricks.sliding_window_view(padded, HISTORY, axis=0)
    return np.ascontiguousarray(windows.transpose(0, 2, 1), dtype=np.float32)


def _log10(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.log10(np.maximum(values, _LEAST))


@dataclass
class ConvergenceTask:
    """Likelihood of the end, at moments drawn from a stage."""

    network: ConvergenceNetwork = field(default_factory=ConvergenceNetwork)
    moments: int = 64

    def loss(self, item: StageHistory, rng: np.random.Generator) -> torch.Tensor:
        """Of moments drawn without regard to what comes after them."""
        drawn = rng.integers(len(item.final_log10_ratio), size=self.moments)
        return self._likelihood(item, drawn)

    def figure(self, item: StageHistory) -> float:
        """The same over all moments."""
        return float(self._likelihood(item, np.arange(len(item.final_log10_ratio))))

    def _likelihood(self, item: StageHistory, at: npt.NDArray[np.int64]) -> torch.Tensor:
        mean, deviation = self.network.predict(torch.from_numpy(item.history[at]), torch.from_numpy(item.state[at]))
        return laplace_loss(mean, deviation, torch.from_numpy(item.final_log10_ratio[at]))


def calibrate(network: ConvergenceNetwork, dev: Sequence[StageHistory], nominal: float = 0.90) -> None:
    """Scales the standard deviation so that the central interval of this share covers it on the dev patients."""
    errors = np.concatenate([_standardised_errors(network, stage) for stage in dev])
    sigmas = dict(zip(NOMINAL, _SIGMAS, strict=True))[nominal]
    network.deviation_scale.mul_(float(np.quantile(np.abs(errors), nominal)) / sigmas)


def coverage(network: ConvergenceNetwork, stages: Sequence[StageHistory]) -> Coverage:
    """How often the end lay inside the predicted intervals."""
    errors = np.abs(np.concatenate([_standardised_errors(network, stage) for stage in stages]))
    return Coverage(NOMINAL, tuple(float((errors <= sigma).mean()) for sigma in _SIGMAS))


def fit_distribution(network: ConvergenceNetwork, stages: Sequence[StageHistory]) -> None:
    """Teaches the network what it was trained on."""
    questions = np.concatenate([np.concatenate([s.history[:, -1], s.state], axis=1) for s in stages])
    network.distribution.fit(questions)


def _standardised_errors(network: ConvergenceNetwork, stage: StageHistory) -> FloatArray:
    with torch.no_grad():
        mean, deviation, _ = network(torch.from_numpy(stage.history), torch.from_numpy(stage.state))
    return ((stage.final_log10_ratio - mean.numpy()) / deviation.numpy()).astype(np.float32)


@dataclass(frozen=True)
class ConvergenceConfig:
    """The section `convergence` of a configuration."""

    version: str = "1"
    width: int = 32
    moments: int = 64
    """Iterations drawn from a stage at a time."""
    fit: FitOptions = field(
        default_factory=lambda: FitOptions(steps=6000, accumulate=16, learning_rate=3e-3, check_every=250)
    )


_INPUTS = (
    Port("history", ("batch", HISTORY, 4), "last ten iterations, oldest first; see docs/model-format.md"),
    Port("state", ("batch", 6), "level, log10 sigma, iteration / 100, log10 beamlets, stage, 1 for lbfgs"),
)
_OUTPUTS = (
    Port("final_log10_ratio", ("batch",), "log10(objective at the end of the stage / objective now), at most 0"),
    Port("standard_deviation", ("batch",), "of final_log10_ratio, calibrated"),
    Port("ood_score", ("batch",), "0 at the centre of the training runs, 1 at the refusal threshold"),
)


class ConvergenceRole:
    """Where a stage will end."""

    name = "convergence"
    plugin_role = "early-stopping"
    learns_from = "trajectories"
    config = ConvergenceConfig

    def task(self, config: ConvergenceConfig, device: str) -> ConvergenceTask:
        """With a fresh network. Small enough for the CPU, whatever the device."""
        del device
        return ConvergenceTask(ConvergenceNetwork(config.width), config.moments)

    def items(self, sources: Sources) -> Split[StageHistory]:
        """Stages of recorded runs, split by the patients' pseudonyms."""
        if sources.trajectories is None:
            raise TrainingError("convergence learns from recorded runs: give their folder with --trajectories")
        stages = read_stages(sources.trajectories)
        dev = [stage for stage in stages if _is_dev(stage.patient, sources.options.dev_share)]
        train = [stage for stage in stages if not _is_dev(stage.patient, sources.options.dev_share)]
        if not dev or not train:
            raise TrainingError(
                f"{sources.trajectories}: {len(train)} stages to train on and {len(dev)} to choose checkpoints by; "
                "both need some: record more runs (docs/trajectories.md)"
            )
        return Split(train, dev)

    def contents(self, task: ConvergenceTask, sources: Sources) -> Contents:
        """The network, calibrated on the patients that it was not fitted to."""
        stages = self.items(sources)
        network = task.network
        calibrate(network, stages.dev)
        fit_distribution(network, stages.train)
        covered = coverage(network, stages.dev)
        questions = np.concatenate([np.concatenate([s.history[:, -1], s.state], axis=1) for s in stages.train])
        return Contents(
            model=ConvergenceGraph(network),
            inputs=_INPUTS,
            outputs=_OUTPUTS,
            batch_axis=0,
            golden=_golden(),
            ranges={
                name: (float(questions[:, at].min()), float(questions[:, at].max()))
                for at, name in enumerate(_QUESTION_COLUMNS)
            },
            patients=(len({s.patient for s in stages.train}), len({s.patient for s in stages.dev})),
            card=CardFacts(
                data=f"Recorded plans of each, {len(stages.train) + len(stages.dev)} stages in all.",
                purpose="The objective at the end of a stage and how sure that is, at every iteration. The plugin "
                "advises to stop when the gain still to come is surely small; the optimizer checks with iterations of "
                "its own.",
                network="A gated recurrent unit over the last ten iterations, taken relative to the current one, and a "
                "small perceptron with the state of the stage. The out-of-distribution score is a Mahalanobis "
                "distance.",
                loss="Likelihood of the end under a Laplace distribution, causally: at moments drawn from recorded "
                "stages, from what was known then. Its standard deviation is scaled so that the central 90 % interval "
                "covers 90 % of the moments of the patients that chose the checkpoint.",
                figures={
                    f"coverage of the central {100 * nominal:.0f} % interval on the patients that chose": actual
                    for nominal, actual in zip(covered.nominal, covered.actual, strict=True)
                },
                limits="Learned from stages as the optimizer's own schedules run them. A change of solver, tolerance "
                "or schedule needs new runs.",
            ),
        )


_QUESTION_COLUMNS = (
    *("log10_objective", "log10_gradient_norm", "gain", "mask"),
    *("level", "log10_sigma_gy", "iteration_of_100", "log10_beamlets", "stage", "is_lbfgs"),
)


def _is_dev(patient: str, share: float) -> bool:
    """As `corpus.is_dev`, of pseudonyms: recordings do not know the names of cases."""
    return int(sha256(patient.encode()).hexdigest()[:8], 16) / 2**32 < share


def _golden() -> dict[str, Arrays]:
    """Moments of runs of phantoms: one question, and several at once."""
    golden: dict[str, Arrays] = {}
    model = RtModelWrapper()
    for name, plan in _golden_prescriptions(model):
        seen = _iterations(model, plan)
        stage = seen[-1].stage
        last = [one for one in seen if one.stage == stage]
        history = pack_history(np.array([one.objective for one in last]), np.array([one.gradient_norm for one in last]))
        state = np.array([[0, np.log10(2.5), i / 100, np.log10(plan.beamlets), stage, 1] for i in range(len(last))])
        at = [0, 3, len(last) // 2, len(last) - 1]
        golden[name] = {"history": history[at], "state": state[at].astype(np.float32)}
        golden[f"{name}-alone"] = {"history": history[at[1:2]], "state": state[at[1:2]].astype(np.float32)}
    return golden


def _golden_prescriptions(model: RtModelWrapper) -> Iterable[tuple[str, Prescription]]:
    for told in GOLDEN_PLANS[:2]:
        with TemporaryDirectory() as scratch:
            case = Path(scratch) / told.name
            make_phantom(told.kind, 1, case)
            yield told.name, model.create_prescription(case, beams=str(told.options.beam_count))


def _iterations(model: RtModelWrapper, plan: Prescription) -> list[Iteration]:
    optimizer = model.create_optimizer(plan, "lbfgs")
    seen: list[Iteration] = []
    model.optimize(optimizer, seen.append)
    return seen
