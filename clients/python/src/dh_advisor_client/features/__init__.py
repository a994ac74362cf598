"""What models want to know about a plan, from an optimizer's own doses and contours; the same as the C++ client's.

Rows: a voxel is a row when it lies in the contour of any structure of the plan, normal tissue included (see
`shell_around`). Dose elsewhere counts for nothing, so that an optimizer with dose in the whole patient sends the same
as one with dose in its structures.
"""

from dh_advisor_client.features.beam_frame import BeamFrame, beam_rays, cell_centers_mm
from dh_advisor_client.features.beamlets import BeamletFeatures, FeatureInput, beamlet_features, flat_weight
from dh_advisor_client.features.grid import VoxelGrid, distance_to_mm, planned_voxels, shell_around
from dh_advisor_client.features.paths import path_density, relative_density
from dh_advisor_client.features.shapes import sphericity, structure_geometry

__all__ = [
    "BeamFrame",
    "BeamletFeatures",
    "FeatureInput",
    "VoxelGrid",
    "beam_rays",
    "beamlet_features",
    "cell_centers_mm",
    "distance_to_mm",
    "flat_weight",
    "path_density",
    "planned_voxels",
    "relative_density",
    "shell_around",
    "sphericity",
    "structure_geometry",
]
