"""Gradients that are right or spoiled, and what the check of them finds."""

from typing import Any

import numpy as np

from dh_advisor_client.checks import check_gradient


def gradient_vectors() -> dict[str, Any]:
    """A quadratic objective, and gradients that are right or spoiled."""
    weights = [0.01 + 0.004 * (7 * i % 23) for i in range(40)]
    wanted = [0.05 + 0.003 * (5 * i % 17) for i in range(40)]
    w, c = np.array(weights), np.array(wanted)
    slope = 0.5 * w * (1.0 - w / 0.2)
    right = 2.0 * 30.0 * (w - c)
    spoiled = {
        "right": right,
        "the other sign": -right,
        "by parameters": right * slope,
        "a hundredth": right / 100.0,
        "ten times": right * 10.0,
        "of other beamlets": right[::-1],
        "nothing": 0.0 * right,
    }
    cases = []
    for name, gradient in spoiled.items():
        result = check_gradient(
            lambda at: 30.0 * float((at - c) @ (at - c)), w, gradient, weight_ceiling=0.2, weight_steepness=0.5
        )
        cases.append(
            {
                "name": name,
                "gradient": gradient.tolist(),
                "expected": {
                    "outcome": result.outcome.wire_name,
                    "fault": result.fault.value,
                    "finding": result.finding,
                    "value_calls": result.value_calls,
                    "ratio": result.ratio,
                },
            }
        )
    return {
        "objective": "30 sum (w - wanted)^2",
        "weights": weights,
        "wanted": wanted,
        "weight_ceiling": 0.2,
        "weight_steepness": 0.5,
        "cases": cases,
    }
