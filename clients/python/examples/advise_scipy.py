"""SciPy's L-BFGS-B, alone and with advice on its start and its end.

python advise_scipy.py HOST:PORT
"""

from __future__ import annotations

import sys

from box_plan import box_plan
from scipy.optimize import minimize

from dh_advisor_client import SessionOptions, advise

plan = box_plan()
start = plan.case.flat_start()
how = {"method": "L-BFGS-B", "bounds": [(0.0, None)] * start.size, "options": {"maxiter": 300}}

plain = minimize(plan.objective, start, jac=True, **how)
session = SessionOptions(address=sys.argv[1])
result = advise(minimize, plan.objective, start, case=plan.case, session=session, **how)

print(f"plain:   objective {plain.fun:.4f}, {plain.nfev} calls")
print(f"advised: objective {result.fun:.4f}, {result.nfev} calls, started at {result.advice.start_objective:.2f}")
print(f"advice:  {result.message}; {result.advice.status}")
