"""Writes test/fixtures/conformance: what clients in every language must compute and decide alike.

Run by hand when a definition changes: `npm run gen:conformance`. C++ and Python read the files and must arrive at the
same within 1e-9. Doses are given as a formula, so that the beams' frames are part of it.
"""

import json
import math
from pathlib import Path
from typing import Any

from conformance.gate_vectors import gate_vectors
from conformance.gradient_vectors import gradient_vectors
from conformance.plan_vectors import plan_vectors

OUT = Path(__file__).parents[3] / "test" / "fixtures" / "conformance"


def rounded(value: Any) -> Any:
    """To ten digits, so that another version of a library writes the same file; JSON has no NaN."""
    if isinstance(value, dict):
        return {key: rounded(of) for key, of in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(of) for of in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return float(f"{value:.10g}") if isinstance(value, float) else value


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    files = {"features": plan_vectors(), "gradient-checks": gradient_vectors(), "gates": gate_vectors()}
    for name, content in files.items():
        (OUT / f"{name}.json").write_text(json.dumps(rounded(content), indent=1) + "\n")
