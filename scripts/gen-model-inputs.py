"""Writes test/fixtures/model-inputs: what the training side asks a model about plans of phantoms.

The host must ask the same (test/e2e/model-inputs.test.ts). By hand, when inputs or phantoms change:
.venv/bin/python scripts/gen-model-inputs.py
"""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from dh_training.golden import make_phantom
from dh_training.packages import encode
from dh_training.problems import ProblemOptions, make_problem
from dh_training.rtmodel import RtModelWrapper

FOLDER = Path(__file__).resolve().parent.parent / "test/fixtures/model-inputs"
# One row of beamlets, excluded ones among them; several rows; other structures.
PLANS = {
    "one-row": ("head-neck", ProblemOptions(beam_count=5, beamlet_mm=10.0)),
    "rows": ("c-shape", ProblemOptions(None, 3, beamlet_mm=10.0)),
}


def main() -> None:
    """Writes a file for every plan."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (kind, options) in PLANS.items():
        with TemporaryDirectory() as scratch:
            case = Path(scratch) / "case"
            make_phantom(kind, 1, case)
            inputs = make_problem(RtModelWrapper(), case, options, Path(scratch)).inputs
        told = {
            "kind": kind,
            "seed": 1,
            "options": asdict(options),
            "inputs": {key: encode(value) for key, value in vars(inputs).items()},
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
