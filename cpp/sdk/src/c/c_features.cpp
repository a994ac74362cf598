#include "dh_advisor/c_features.h"

#include "c/plain_call.h"

using dh_advisor::Status;
using dh_advisor::StatusCode;
namespace c = dh_advisor::c;

namespace {

/// Copies into a buffer that may be too small.
Status hand_out(const std::vector<std::uint32_t>& values, uint32_t* out, std::size_t capacity, size_t* count) {
  c::required(count, "count");
  *count = values.size();
  if (values.size() > capacity)
    return Status::failed(StatusCode::kInvalidInput, "capacity is " + std::to_string(capacity) + " for " +
                                                         std::to_string(values.size()) + " voxels");
  if (!values.empty()) c::required(out, "the buffer of voxels");
  c::copy_out(values, out);
  return {};
}

template <typename Mask>
int voxels_of_bit(const Mask* masks, size_t voxel_count, unsigned bit, uint32_t* voxels, size_t capacity,
                  size_t* count) {
  return c::plain_call([&] {
    std::vector<std::uint32_t> found;
    const Status status = dh_advisor::voxels_of_bit(masks, voxel_count, bit, found);
    return status.ok() ? hand_out(found, voxels, capacity, count) : status;
  });
}

}  // namespace

extern "C" {

int dh_advisor_voxels_of_bit16(const uint16_t* masks, size_t voxel_count, unsigned bit, uint32_t* voxels,
                               size_t capacity, size_t* count) {
  return voxels_of_bit(masks, voxel_count, bit, voxels, capacity, count);
}

int dh_advisor_voxels_of_bit64(const uint64_t* masks, size_t voxel_count, unsigned bit, uint32_t* voxels,
                               size_t capacity, size_t* count) {
  return voxels_of_bit(masks, voxel_count, bit, voxels, capacity, count);
}

int dh_advisor_planned_voxels(const dh_advisor_structure* structures, const dh_advisor_voxel_span* contours,
                              size_t structure_count, uint32_t* const* planned, size_t* planned_counts) {
  return c::plain_call([&] {
    const auto all = c::to_structures(structures, structure_count);
    std::vector<dh_advisor::VoxelSpan> spans;
    for (size_t s = 0; s < structure_count; ++s) spans.push_back(c::to_span((&c::required(contours, "contours"))[s]));
    std::vector<std::vector<std::uint32_t>> found;
    const Status status = dh_advisor::planned_voxels(all, spans, found);
    if (!status.ok()) return status;
    for (size_t s = 0; s < structure_count; ++s) {
      c::required(planned, "planned");
      c::required(planned_counts, "planned_counts");
      if (!found[s].empty()) c::required(planned[s], "an entry of planned");
    }
    for (size_t s = 0; s < structure_count; ++s) {
      c::copy_out(found[s], planned[s]);
      planned_counts[s] = found[s].size();
    }
    return status;
  });
}

int dh_advisor_shell_around(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span body,
                            dh_advisor_voxel_span targets, double width_mm, uint32_t* shell, size_t* count) {
  return c::plain_call([&] {
    std::vector<std::uint32_t> found;
    const Status status =
        dh_advisor::shell_around(c::to_grid(grid), c::to_span(body), c::to_span(targets), width_mm, found);
    return status.ok() ? hand_out(found, shell, body.count, count) : status;
  });
}

int dh_advisor_distance_to(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span voxels, float* distance_mm) {
  return c::plain_call([&] {
    c::required(distance_mm, "distance_mm");
    std::vector<float> found;
    const Status status = dh_advisor::distance_to(c::to_grid(grid), c::to_span(voxels), found);
    c::copy_out(found, distance_mm);
    return status;
  });
}

int dh_advisor_sphericity_of(const dh_advisor_voxel_grid* grid, dh_advisor_voxel_span voxels, double* sphericity) {
  return c::plain_call([&] {
    c::required(sphericity, "sphericity");
    return dh_advisor::sphericity_of(c::to_grid(grid), c::to_span(voxels), *sphericity);
  });
}

int dh_advisor_build_beamlet_features(const dh_advisor_feature_input* input, double* column_norm, double* mean_dose,
                                      double* max_dose) {
  return c::plain_call([&] {
    dh_advisor::BeamletFeatures features;
    const Status status = dh_advisor::build_beamlet_features(c::to_features(input, "input"), features);
    c::copy_out(features.column_norm, column_norm);
    c::copy_out(features.mean_dose, mean_dose);
    c::copy_out(features.max_dose, max_dose);
    return status;
  });
}

int dh_advisor_build_structure_geometry(const dh_advisor_feature_input* input, dh_advisor_voxel_span targets,
                                        double uniform_weight, dh_advisor_structure_geometry* geometry) {
  return c::plain_call([&] {
    c::required(geometry, "geometry");
    std::vector<dh_advisor::StructureGeometry> found;
    const Status status = dh_advisor::build_structure_geometry(c::to_features(input, "input"), c::to_span(targets),
                                                               uniform_weight, found);
    std::transform(found.begin(), found.end(), geometry, [](const dh_advisor::StructureGeometry& of) {
      return dh_advisor_structure_geometry{of.structure, of.sphericity, of.dose_gradient_gy_per_mm,
                                           of.target_distance_mm};
    });
    return status;
  });
}

int dh_advisor_build_path_density(const dh_advisor_voxel_grid* grid, const float* density, const double isocenter_mm[3],
                                  const dh_advisor_beam* beams, size_t beam_count, double* path_density) {
  return c::plain_call([&] {
    c::required(path_density, "path_density");
    std::vector<double> found;
    const Status status = dh_advisor::build_path_density(
        c::to_grid(grid), density, c::to_vector(isocenter_mm, "isocenter_mm"), c::to_beams(beams, beam_count), found);
    c::copy_out(found, path_density);
    return status;
  });
}

double dh_advisor_relative_density(int hu) { return dh_advisor::relative_density(hu); }

int dh_advisor_flat_weight(const dh_advisor_structure* structures, size_t structure_count, const double* mean_dose,
                           uint32_t beamlet_count, double* weight) {
  return c::plain_call([&] {
    c::required(weight, "weight");
    c::required(mean_dose, "mean_dose");
    const auto all = c::to_structures(structures, structure_count);
    return dh_advisor::flat_weight(all, {mean_dose, mean_dose + beamlet_count * structure_count}, *weight);
  });
}

int dh_advisor_project(double gantry_deg, double couch_deg, const double isocenter_mm[3], const double point_mm[3],
                       double uv_depth_mm[3]) {
  return c::plain_call([&]() -> Status {
    c::required(uv_depth_mm, "uv_depth_mm");
    const auto frame = dh_advisor::BeamFrame::at(gantry_deg, couch_deg, c::to_vector(isocenter_mm, "isocenter_mm"));
    const dh_advisor::BeamPoint at = frame.project(c::to_vector(point_mm, "point_mm"));
    uv_depth_mm[0] = at.u_mm;
    uv_depth_mm[1] = at.v_mm;
    uv_depth_mm[2] = at.depth_mm;
    return {};
  });
}

int dh_advisor_point_at(double gantry_deg, double couch_deg, const double isocenter_mm[3], const double uv_depth_mm[3],
                        double point_mm[3]) {
  return c::plain_call([&]() -> Status {
    c::required(point_mm, "point_mm");
    const auto frame = dh_advisor::BeamFrame::at(gantry_deg, couch_deg, c::to_vector(isocenter_mm, "isocenter_mm"));
    const auto at = c::to_vector(uv_depth_mm, "uv_depth_mm");
    const auto point = frame.point_at(at[0], at[1], at[2]);
    std::copy(point.begin(), point.end(), point_mm);
    return {};
  });
}

}  // extern "C"
