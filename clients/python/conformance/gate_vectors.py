"""Questions to every gate, edges and drawn ones, and what it says."""

import math
import random
from typing import Any

import numpy as np

from dh_advisor_client.advice import DirectionAdvice, Stage, StopAdvice, StructureSigma
from dh_advisor_client.enums import DirectionSpace, StopDecision
from dh_advisor_client.gates import (
    DirectionGate,
    StopGate,
    check_stages,
    check_structure_sigmas,
    check_vector,
    choose_start,
)

NAN, INF = math.nan, math.inf
DECISIONS = [None, *StopDecision]


def gate_vectors() -> dict[str, Any]:
    """Questions to every gate, edges and drawn ones, and what it says. NaN and infinity are text."""
    draw = random.Random(7)
    return {
        "vectors": [
            {"values": values, "verdict": check_vector(np.array(values), 3, 0.0, 0.2).wire_name}
            for values in ([0, 0.1, 0.2], [0, 0.1], [], [0, NAN, 9], [9, 0.1, INF], [0, 0.1, 0.21], [-1e-9, 0, 0])
        ],
        "schedules": [schedule(draw) for _ in range(60)],
        "structure_sigmas": [structure_sigmas(draw) for _ in range(30)],
        "starts": [
            {"default": a, "proposed": b, "verdict": choose_start(a, b).wire_name}
            for a, b in [(2, 1), (1, 1), (1, 2), (1, NAN), (1, -INF), (NAN, 1), (INF, 1)]
        ],
        "directions": [directions(draw) for _ in range(25)],
        "trials": [trial(draw) for _ in range(30)] + [trial(draw, NAN), trial(draw, INF)],
        "stops": [stops(draw) for _ in range(30)],
    }


def schedule(draw: random.Random) -> dict[str, Any]:
    """Of two levels, with a finest sigma of 2.5 and bounds of 0.5 to 40."""
    count = draw.choice([0, 1, 1, 2, 2, 3, 65])
    sigmas = sorted((draw.choice([40.0, 16.0, 8.0, 2.5, 2.5, 0.4, 41.0]) for _ in range(count)), reverse=True)
    levels = sorted((draw.choice([0, 0, 0, 1, 2]) for _ in range(count)), reverse=True)
    stages = [[level, sigma, draw.choice([0, 12])] for level, sigma in zip(levels, sigmas, strict=True)]
    if stages and draw.random() < 0.7:
        stages[-1] = [0, draw.choice([2.5, 2.5, 2.5, 2.5 * (1 + 1e-10), 2.6, NAN]), draw.choice([0, 0, 0, 5])]
    if draw.random() < 0.2:
        draw.shuffle(stages)
    verdict = check_stages([Stage(*stage) for stage in stages], 2, 2.5, 0.5, 40.0)
    return {"stages": stages, "verdict": verdict.wire_name}


def structure_sigmas(draw: random.Random) -> dict[str, Any]:
    """Of two structures, bounds 0.5 to 40."""
    sigmas = [[draw.choice([0, 1, 1, 2]), draw.choice([2.0, 40.0, 0.4, NAN])] for _ in range(draw.randint(0, 2))]
    verdict = check_structure_sigmas([StructureSigma(*sigma) for sigma in sigmas], 2, 0.5, 40.0)
    return {"sigmas": sigmas, "verdict": verdict.wire_name}


def directions(draw: random.Random) -> dict[str, Any]:
    """Offers to one gate, one after the other."""
    gate = DirectionGate()
    asked = []
    for _ in range(draw.randint(1, 6)):
        gradient = [draw.choice([1.0, -2.0, 0.5, 0.0]) for _ in range(3)]
        sign = draw.choice([-1.0, -1.0, -1.0, 1.0])
        direction = [sign * g + draw.choice([0.0, 0.1, 30.0, -1e-3]) for g in gradient]
        if draw.random() < 0.15:
            direction[draw.randrange(3)] = draw.choice([NAN, INF, 1e200])
        if draw.random() < 0.05:
            direction.pop()
        step = draw.choice([None, None, 1.0, 100.0, 0.0, NAN])
        advice = DirectionAdvice(DirectionSpace.WEIGHTS, np.array(direction), step)
        verdict, kept = gate.consider(advice, np.array(gradient))
        asked.append(
            {
                "gradient": gradient,
                "direction": direction,
                "step_length": step,
                "verdict": verdict.wire_name,
                "kept": None if kept is None else kept.direction.tolist(),
                "kept_step_length": None if kept is None else kept.step_length,
                "is_off": gate.is_off,
            }
        )
    return {"asked": asked}


def trial(draw: random.Random, slope: float | None = None) -> dict[str, Any]:
    """Of a step along an accepted direction."""
    f0, slope0, step = 10.0, -draw.choice([0.1, 1.0, 5.0]), draw.choice([0.1, 1.0, 2.0])
    f = f0 + draw.choice([-2.0, -1e-6, -1e-3, 0.0, 0.5])
    slope = slope0 * draw.choice([0.1, 0.89, 0.91, -1.0, 2.0]) if slope is None else slope
    verdict = DirectionGate.judge_trial(f0, slope0, f, slope, step)
    return {"f0": f0, "slope0": slope0, "f": f, "slope": slope, "step": step, "verdict": verdict.wire_name}


def stops(draw: random.Random) -> dict[str, Any]:
    """A stage: what is advised and gained after each iteration, with a tolerance of 1e-4."""
    gate = StopGate()
    asked = []
    for iteration in range(draw.randint(4, 14)):
        decision = draw.choice(DECISIONS)
        gain = draw.choice([*[1e-6] * 9, 1e-5, 1e-4, 1e-2, NAN])
        advice = None if decision is None else StopAdvice(decision, "enough")
        judgement = gate.consider(advice, iteration, gain, 1e-4)
        asked.append(
            {
                "decision": None if decision is None else int(decision),
                "gain": gain,
                "granted": int(judgement.granted),
                "verdict": None if judgement.verdict is None else judgement.verdict.wire_name,
                "is_checking": gate.is_checking,
            }
        )
    return {"asked": asked}
