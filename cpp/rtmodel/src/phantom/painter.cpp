#include "phantom/painter.h"

#include <algorithm>
#include <cmath>

#include "case/finding.h"
#include "geometry/distance_map.h"

namespace rtmodel {
namespace {

constexpr std::int16_t kAirHu = -1000;

double square(double value) { return value * value; }

}  // namespace

Shape ellipsoid(const Vector3& center_mm, const Vector3& radii_mm) {
  return [=](const Vector3& p) {
    return square((p[0] - center_mm[0]) / radii_mm[0]) + square((p[1] - center_mm[1]) / radii_mm[1]) +
               square((p[2] - center_mm[2]) / radii_mm[2]) <=
           1.0;
  };
}

Shape cylinder(double x_mm, double y_mm, double radius_x_mm, double radius_y_mm, double low_mm, double high_mm) {
  return [=](const Vector3& p) {
    return p[2] >= low_mm && p[2] <= high_mm &&
           square((p[0] - x_mm) / radius_x_mm) + square((p[1] - y_mm) / radius_y_mm) <= 1.0;
  };
}

Shape both(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](const Vector3& p) { return a(p) && b(p); };
}

Shape either(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](const Vector3& p) { return a(p) || b(p); };
}

Shape without(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](const Vector3& p) { return a(p) && !b(p); };
}

Painter::Painter(std::string id, const Vector3& reach_mm, double spacing_mm) {
  case_.id = std::move(id);
  for (int axis = 0; axis < 3; ++axis) {
    const int half = static_cast<int>(std::ceil(reach_mm[axis] / spacing_mm));
    case_.grid.size[axis] = 2 * half + 1;
    case_.grid.spacing_mm[axis] = spacing_mm;
    case_.grid.origin_mm[axis] = -half * spacing_mm;
  }
  case_.ct_hu.assign(case_.grid.voxel_count(), kAirHu);
  case_.masks.assign(case_.grid.voxel_count(), 0);
  body_.assign(case_.grid.voxel_count(), true);
  under_skin_ = body_;
}

void Painter::paint(const Shape& shape, int hu) {
  for (std::size_t i = 0; i < case_.ct_hu.size(); ++i)
    if (body_[i] && shape(case_.grid.center_mm(static_cast<int>(i)))) case_.ct_hu[i] = static_cast<std::int16_t>(hu);
}

void Painter::contour(const CaseStructure& description, const Shape& shape, const std::vector<bool>& within) {
  CaseStructure structure = description;
  structure.bit = static_cast<int>(case_.structures.size());
  bool is_empty = true;
  for (std::size_t i = 0; i < case_.masks.size(); ++i) {
    if (!within[i] || !shape(case_.grid.center_mm(static_cast<int>(i)))) continue;
    case_.masks[i] |= Mask{1} << structure.bit;
    is_empty = false;
  }
  if (is_empty) throw InputError("the phantom's " + structure.name + " fell outside the body; try another seed");
  case_.structures.push_back(std::move(structure));
}

void Painter::body(const Shape& shape) {
  contour({"Body", "External", CaseRole::kBody, 0, {}, false}, shape, body_);
  std::vector<bool> outside(body_.size());
  for (std::size_t i = 0; i < body_.size(); ++i) {
    body_[i] = case_.masks[i] != 0;
    outside[i] = !body_[i];
  }
  const auto to_surface_mm = distance_to(case_.grid, outside);
  for (std::size_t i = 0; i < body_.size(); ++i) under_skin_[i] = to_surface_mm[i] > kSkinMm;
  paint(shape, 0);
}

void Painter::organ(const std::string& name, const std::string& tg263_name, const Shape& shape) {
  contour({name, tg263_name, CaseRole::kOrgan, 0, {}, false}, shape, body_);
}

void Painter::target(const std::string& name, const std::string& tg263_name, double prescribed_dose_gy,
                     const Shape& shape) {
  contour({name, tg263_name, CaseRole::kTarget, 0, prescribed_dose_gy, false}, shape, under_skin_);
}

Case Painter::finish() {
  Vector3 sum{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < case_.masks.size(); ++i) {
    const bool is_target = std::any_of(case_.structures.begin(), case_.structures.end(), [&](const auto& structure) {
      return structure.role == CaseRole::kTarget && case_.is_in(structure, i);
    });
    if (!is_target) continue;
    const Vector3 center = case_.grid.center_mm(static_cast<int>(i));
    for (int axis = 0; axis < 3; ++axis) sum[axis] += center[axis];
    ++count;
  }
  // Hundredths of a mm, as a case file gives it.
  for (int axis = 0; axis < 3; ++axis)
    case_.isocenter_mm[axis] = std::round(100.0 * sum[axis] / static_cast<double>(count)) / 100.0;
  std::stable_sort(case_.structures.begin(), case_.structures.end(),
                   [](const auto& a, const auto& b) { return a.role < b.role; });
  return std::move(case_);
}

}  // namespace rtmodel
