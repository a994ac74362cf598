#include <cmath>

#include "phantom/kinds.h"
#include "phantom/painter.h"

namespace rtmodel {
namespace {

/// A direction in the axial plane, drawn without angles so that no library function can change a bit.
std::array<double, 2> direction(Random& random) {
  for (;;) {
    const double x = random.between(-1.0, 1.0);
    const double y = random.between(-1.0, 1.0);
    const double length = std::sqrt(x * x + y * y);
    if (length > 0.1 && length <= 1.0) return {x / length, y / length};
  }
}

}  // namespace

Case make_c_shape(const std::string& id, Random& random, int targets) {
  Painter painter(id, {180.0, 125.0, 100.0}, kPhantomSpacingMm);
  // Drawn one by one: the order of a call's arguments is the compiler's.
  const double width = random.between(130.0, 165.0), depth = random.between(95.0, 112.0);
  painter.body(cylinder(0.0, 0.0, width, depth, -100.0, 100.0));

  // TG-119: outer radius 37 mm, 80 mm long, around a core of 10 mm radius and 100 mm length with a gap of 5 mm.
  const double scale = random.between(0.85, 1.35);
  const double x = random.between(-25.0, 25.0), y = random.between(-20.0, 20.0), z = random.between(-10.0, 10.0);
  const double core = random.between(9.0, 14.0) * scale;
  const double inner = core + 5.0, outer = inner + random.between(20.0, 26.0) * scale;
  const double half_length = random.between(32.0, 45.0) * scale;
  const auto opening = direction(random);
  const double opening_cosine = random.between(0.45, 0.85);
  const Shape gap = [=](const Vector3& p) {
    const double dx = p[0] - x, dy = p[1] - y;
    return dx * opening[0] + dy * opening[1] > opening_cosine * std::sqrt(dx * dx + dy * dy);
  };
  const Shape ring = without(cylinder(x, y, outer, outer, z - half_length, z + half_length),
                             cylinder(x, y, inner, inner, -200.0, 200.0));
  painter.target("PTV50", "PTV_5000", 50.0, without(ring, gap));
  // Further targets lie in the opening, beyond the ring, and beside it.
  const double far = outer + 14.0;
  if (targets > 1)
    painter.target("PTV45", "PTV_4500", 45.0,
                   ellipsoid({x + far * opening[0], y + 0.7 * far * opening[1], z}, {16.0, 14.0, 22.0}));
  if (targets > 2)
    painter.target("PTV40", "PTV_4000", 40.0,
                   ellipsoid({x - 1.2 * far * opening[1], y + 0.7 * far * opening[0], z + 10.0}, {15.0, 13.0, 20.0}));
  painter.organ("Core", "", cylinder(x, y, core, core, z - half_length - 10.0, z + half_length + 10.0));
  return painter.finish();
}

}  // namespace rtmodel
