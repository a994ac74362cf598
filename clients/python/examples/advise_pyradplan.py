"""pyRadPlan's own phantom, planned for 60 Gy by pyRadPlan's own optimizer, 40 iterations: alone, and with advice.

python advise_pyradplan.py HOST:PORT
"""

import sys
from importlib import resources

import SimpleITK as sitk
from pyRadPlan import PhotonPlan, calc_dose_influence, fluence_optimization, generate_stf, load_patient

from dh_advisor_client import Case, Contour, SessionOptions, StructureRole, VoxelGrid, beam_grid, scipy_method

GANTRY_DEG = [0.0, 72.0, 144.0, 216.0, 288.0]
ROLES = {"OuterTarget": StructureRole.TARGET, "Core": StructureRole.ORGAN_AT_RISK, "BODY": StructureRole.NORMAL_TISSUE}
GOALS = {"OuterTarget": {"prescribed_dose_gy": 60.0}, "Core": {"limit_gy": 25.0}, "BODY": {"limit_gy": 30.0}}

ct, cst = load_patient(resources.files("pyRadPlan.data.phantoms").joinpath("TG119.mat"))
cst.vois[1].objectives[0].d_ref = 60.0  # of the phantom's own 50: models have seen 56 to 70
plan = PhotonPlan(machine="Generic")
plan.prop_stf = {"gantry_angles": GANTRY_DEG, "couch_angles": [0.0] * len(GANTRY_DEG), "bixel_width": 5.0}
plan.prop_dose_calc = {"dose_grid": {"resolution": {"x": 5.0, "y": 5.0, "z": 5.0}}}
stf = generate_stf(ct, cst, plan)
dij = calc_dose_influence(ct, cst, stf, plan)

image = ct.resample_to_grid(dij.dose_grid)
rays_mm = [[(ray.ray_pos_bev[0], ray.ray_pos_bev[2]) for ray in beam.rays] for beam in stf.beams]
beams = beam_grid(GANTRY_DEG, [0.0] * len(GANTRY_DEG), rays_mm, pitch_mm=5.0)
case = Case(
    grid=VoxelGrid(image.cube_hu.GetSize(), image.cube_hu.GetSpacing(), image.cube_hu.GetOrigin()),
    influence=dij.physical_dose.flat[0],
    beams=beams.beams,
    beamlets=beams.beamlets,
    isocenter_mm=stf.beams[0].iso_center,
    contours=[
        Contour(voi.name, ROLES[voi.name], sitk.GetArrayFromImage(voi.mask) > 0, **GOALS[voi.name])
        for voi in cst.resample_on_new_ct(image).vois
    ],
)

for name, method in {"plain": "L-BFGS-B", "advised": scipy_method(case, SessionOptions(sys.argv[1]))}.items():
    plan.prop_opt = {"solver": {"name": "scipy", "method": method, "max_iter": 40}}
    told: dict = {}
    fluence_optimization(ct, cst, stf, dij, plan, opt_info=told)
    result = told["result_info"]
    print(f"{name}: objective {result.fun:.4f}, {result.nfev} calls; {result.message}")
print(
    f"start advised: {result.advice.is_start_advised}, from {result.advice.start_objective:.0f}; {result.advice.status}"
)
