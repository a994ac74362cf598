"""A few learned steps in a row from where a plan may stand, judged by the objective where each of them ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from pydantic import PositiveFloat, PositiveInt
from scipy.optimize import minimize

from dh_training.corpus import Sample, mirrored
from dh_training.networks.direction import DirectionNetwork, Moment, lbfgs_direction
from dh_training.networks.fluence import WEIGHT_CEILING
from dh_training.training.warm_start import flat_weights, tensors

Where = Literal["sharp", "smooth", "smoothed"]
PLACES: tuple[Where, ...] = ("sharp", "smooth", "smoothed")
"""Where the steps are taken: at the finest sigma from a learned start; at the smooth sigma from there; at the finest
sigma where the solver's own iterations at the smooth one have led."""
OWN_FIRST_STEP = 0.1
"""Of the solver's first iteration before its line search, as a part of the weights' own length."""
MOST_CUTS = 4


@dataclass(frozen=True)
class UnrollOptions:
    """The steps that are trained on, and where they begin."""

    steps: PositiveInt = 8
    """Learned steps in a row."""
    carry: float = 0.5
    """Part of a later step's gradient that goes back to the steps before it. What one of them spoils the next sees in
    its own and repairs; cut at the objective's gradients, this one can't know that and would ask for too much."""
    sharp_sigma_gy: PositiveFloat = 2.5
    smooth_sigma_gy: PositiveFloat = 5.0
    smooth_iterations: PositiveInt = 10
    """Of the solver, at the smooth sigma, before the finest: as the optimizer does after a learned start."""
    smooth_share: float = 0.25
    """Of the objective at the smooth sigma in what steps there are judged by; the rest is that at the finest, which
    counts in the end."""
    places: tuple[float, float, float] = (0.15, 0.7, 0.15)
    """Shares of items by where their steps are taken, as PLACES."""
    noise_share: float = 0.3
    """Of the items: their starts are multiplied by log-normal noise."""
    noise: PositiveFloat = 0.3
    """Greatest standard deviation of the noise's logarithm."""
    flat_share: float = 0.15
    """Of the items: their starts are mixed with a flat one."""


@dataclass
class Start:
    """A problem and where its steps may begin."""

    sample: Sample
    learned: torch.Tensor
    """(B, R, C): start weights as the package of `warm-start` gives them."""
    smoothed: torch.Tensor | None = None
    """(B, R, C): where the solver comes from there in its iterations at the smooth sigma; found when first wanted."""


class Evaluation(NamedTuple):
    """The objective at one point, at several sigmas."""

    values: torch.Tensor
    """(sigmas,)."""
    gradients: tuple[torch.Tensor, ...]
    """(B, R, C) each, dF/dw."""


def evaluate(sample: Sample, weights: torch.Tensor, sigmas_gy: Sequence[float]) -> Evaluation:
    """F and dF/dw at weights (B, R, C); nothing flows back through them."""
    with torch.enable_grad():
        at = weights.detach().requires_grad_(True)
        values = sample.objective.total(sample.dose_gy(at), sigmas_gy)
        slopes = [torch.autograd.grad(value, at, retain_graph=True)[0] for value in values]
    return Evaluation(values.detach(), tuple(slopes))


class Place(NamedTuple):
    """A point and the objective there."""

    weights: torch.Tensor
    """(B, R, C)."""
    found: Evaluation


def lower_place(
    sample: Sample, before: Place, weights: torch.Tensor, sigmas_gy: Sequence[float]
) -> tuple[Place, float, Evaluation]:
    """Where a line search towards `weights` ends, the part of the way it went, and the objective at the whole way.

    As the solver does with a step that raises F at the first sigma: parabolas through what it knows.
    """
    chord = weights - before.weights
    slope = float((before.found.gradients[0] * chord).sum())
    first = then = evaluate(sample, weights, sigmas_gy)
    part = 1.0
    for _ in range(MOST_CUTS):
        rise = float(then.values[0] - before.found.values[0])
        if rise < 0:
            break
        cut = -slope * part / (2 * (rise - slope * part)) if slope < 0 else 0.25
        part *= min(max(cut, 0.1), 0.5)
        then = evaluate(sample, before.weights + part * chord, sigmas_gy)
    return Place(before.weights + part * chord, then), part, first


def own_iterations(sample: Sample, weights: torch.Tensor, sigmas_gy: Sequence[float]) -> tuple[Place, Place, Place]:
    """The start and the solver's own first two iterations from there.

    Down the gradient, which has no length to trust, and then by the curvature that this has shown.
    """
    norm = torch.from_numpy(sample.problem.inputs.column_norm)
    is_active = (norm > 0).to(norm.dtype)
    scale = norm + (1.0 - is_active)
    start = Place(weights, evaluate(sample, weights, sigmas_gy))

    def towards(at: Place, move: torch.Tensor) -> Place:
        wanted = (at.weights + move / scale * is_active).clamp(0.0, WEIGHT_CEILING)
        return lower_place(sample, at, wanted, sigmas_gy)[0]

    slope = start.found.gradients[0] / scale * is_active
    first = towards(start, -OWN_FIRST_STEP * (weights * norm).norm() / slope.norm().clamp(min=1e-12) * slope)
    step = (first.weights - start.weights) * scale
    change = (first.found.gradients[0] - start.found.gradients[0]) / scale * is_active
    slope = first.found.gradients[0] / scale * is_active
    is_free = 1.0 - ((first.weights <= 0) & (slope > 0)).to(norm.dtype)
    length = step.norm() / slope.norm().clamp(min=1e-12)
    second = towards(first, lbfgs_direction(slope, step.unsqueeze(0), change.unsqueeze(0), is_free, length))
    return start, first, second


@dataclass
class DirectionTask:
    """Mean logarithm of F after each of the steps, the later the more it counts."""

    options: UnrollOptions = field(default_factory=UnrollOptions)
    network: DirectionNetwork = field(default_factory=DirectionNetwork)

    def loss(self, item: Start, rng: np.random.Generator) -> torch.Tensor:
        """Of steps from a start that is drawn."""
        place = PLACES[int(rng.choice(len(PLACES), p=np.array(self.options.places) / sum(self.options.places)))]
        weights = self.start_at(item, place)
        if rng.random() < self.options.flat_share:
            flat = flat_weights(item.sample.problem.inputs)
            weights = torch.lerp(weights, flat, float(rng.uniform(0.0, 1.0)))
        if rng.random() < self.options.noise_share:
            spread = rng.uniform(0.0, self.options.noise) * rng.standard_normal(tuple(weights.shape))
            weights = (weights * torch.from_numpy(np.exp(spread).astype(np.float32))).clamp(max=WEIGHT_CEILING)
        return self.unrolled(item.sample, weights, place, is_mirrored=rng.random() < 0.5)[0]

    def figure(self, item: Start) -> float:
        """Mean over the places of the logarithm of F at the finest sigma after the last step."""
        return float(np.mean([self.final_log_objective(item, place) for place in PLACES]))

    def final_log_objective(self, item: Start, place: Where) -> float:
        """At the finest sigma."""
        _, end, _ = self.unrolled(item.sample, self.start_at(item, place), place)
        return float(evaluate(item.sample, end, [self.options.sharp_sigma_gy]).values[0].log())

    def start_at(self, item: Start, place: Where) -> torch.Tensor:
        """Where steps of a place begin, (B, R, C)."""
        if place != "smoothed":
            return item.learned
        if item.smoothed is None:
            sigma_gy, iterations = self.options.smooth_sigma_gy, self.options.smooth_iterations
            item.smoothed = smoothed_weights(item.sample, item.learned, sigma_gy, iterations)
        return item.smoothed

    def unrolled(
        self,
        sample: Sample,
        weights: torch.Tensor,
        place: Where,
        *,
        is_mirrored: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor, list[Moment]]:
        """The loss, whose gradient goes back through all steps, where they end, (B, R, C), and what was asked."""
        sharp, smooth = self.options.sharp_sigma_gy, self.options.smooth_sigma_gy
        sigmas_gy = (smooth, sharp) if place == "smooth" else (sharp,)
        shares = (self.options.smooth_share, 1.0 - self.options.smooth_share) if place == "smooth" else (1.0,)
        inputs = sample.problem.inputs
        plan = self.network.prepare(*tensors(mirrored(inputs) if is_mirrored else inputs))

        def seen(values: torch.Tensor) -> torch.Tensor:
            return values.flip(-1) if is_mirrored else values

        start, first, at = own_iterations(sample, weights, sigmas_gy)
        steps, changes = (torch.zeros(self.network.pairs, *weights.shape) for _ in range(2))
        # The gradient at the start of a stage is not known to whoever advises.
        steps = _with_newest(steps, first.weights - start.weights)
        steps = _with_newest(steps, at.weights - first.weights)
        changes = _with_newest(changes, at.found.gradients[0] - first.found.gradients[0])
        path = at.weights
        memory = torch.zeros(*weights.shape, self.network.memory)
        loss = torch.zeros(())
        moments: list[Moment] = []
        count = self.options.steps
        total = count * (count + 1) / 2
        for index in range(count):
            context = torch.stack([at.found.values[0], torch.tensor(sigmas_gy[0]), torch.tensor(float(index))])
            told = (seen(value) for value in (at.weights, at.found.gradients[0], steps, changes))
            moments.append(Moment(*told, context, memory))
            move, memory = self.network(plan, moments[-1])
            wanted = path + seen(move)
            bounded = wanted.detach().clamp(0.0, WEIGHT_CEILING)
            then, part, whole = lower_place(sample, at, bounded, sigmas_gy)
            loss = loss + (index + 1) / total * _log_objective(whole, shares, wanted, bounded)
            steps = _with_newest(steps, then.weights - at.weights)
            changes = _with_newest(changes, then.found.gradients[0] - at.found.gradients[0])
            # Bounded in value, free in gradient: a beamlet on its bound must be able to learn to leave it.
            path = path + part * (wanted - path)
            path = then.weights + self.options.carry * (path - path.detach())
            at = then
        return loss, at.weights, moments


def _with_newest(values: torch.Tensor, newest: torch.Tensor) -> torch.Tensor:
    """(P, B, R, C), newest first, the oldest dropped."""
    return torch.cat([newest.unsqueeze(0), values[:-1]])


def _log_objective(
    end: Evaluation, shares: Sequence[float], wanted: torch.Tensor, bounded: torch.Tensor
) -> torch.Tensor:
    """Logarithm of F, by the sigmas' shares, with the gradient that it has in the weights wanted.

    Where a weight was wanted beyond a bound and F falls still further that way, there is nothing to learn.
    """
    loss = (end.values.log() * torch.tensor(shares)).sum()
    parts = zip(end.gradients, end.values, shares, strict=True)
    slope = sum((share / value * gradient for gradient, value, share in parts), torch.zeros_like(wanted))
    is_beyond = ((wanted < bounded) & (slope > 0)) | ((wanted > bounded) & (slope < 0))
    pulled = (torch.where(is_beyond, torch.zeros_like(slope), slope) * wanted).sum()
    return loss + pulled - pulled.detach()


def smoothed_weights(sample: Sample, weights: torch.Tensor, sigma_gy: float, iterations: int) -> torch.Tensor:
    """Where bounded L-BFGS in scaled variables comes in some iterations at one sigma, as the optimizer's solver."""
    norm = sample.problem.inputs.column_norm.astype(np.float64)
    scale = np.where(norm > 0, norm, 1.0)
    is_free = norm > 0

    def function(scaled: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        at = torch.from_numpy((scaled.reshape(norm.shape) / scale).astype(np.float32))
        found = evaluate(sample, at, [sigma_gy])
        return float(found.values[0]), (found.gradients[0].numpy() / scale).astype(np.float64).ravel()

    bounds = np.stack([np.zeros(norm.size), (WEIGHT_CEILING * scale * is_free).ravel()], axis=1)
    start = (weights.numpy().astype(np.float64) * scale).ravel()
    end = minimize(function, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": iterations}).x
    found = torch.from_numpy((end.reshape(norm.shape) / scale).astype(np.float32))
    return found.clamp(0.0, WEIGHT_CEILING)
