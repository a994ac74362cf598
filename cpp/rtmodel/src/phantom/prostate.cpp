#include "phantom/kinds.h"
#include "phantom/painter.h"

namespace rtmodel {

Case make_prostate(const std::string& id, Random& random, int targets) {
  constexpr int kFatHu = -90, kMuscleHu = 40, kBoneHu = 350, kGasHu = -700;
  Painter painter(id, {210.0, 145.0, 110.0}, kPhantomSpacingMm);
  const double width = random.between(165.0, 195.0), depth = random.between(105.0, 130.0);
  painter.body(cylinder(0.0, 0.0, width, depth, -110.0, 110.0));
  painter.paint(cylinder(0.0, 0.0, 400.0, 400.0, -200.0, 200.0), kFatHu);
  painter.paint(cylinder(0.0, 0.0, width - 20.0, depth - 18.0, -200.0, 200.0), kMuscleHu);

  // TG-119: a roughly ellipsoid prostate, the rectum indenting it from behind, the bladder above and in front.
  const double x = random.between(-6.0, 6.0), y = random.between(0.0, 15.0), z = random.between(-15.0, 0.0);
  const Vector3 radii{random.between(24.0, 32.0), random.between(19.0, 26.0), random.between(24.0, 34.0)};
  const double rectum = random.between(13.0, 19.0), rectum_y = y + radii[1] + rectum - 7.0;
  const Vector3 bladder_radii{random.between(30.0, 45.0), random.between(25.0, 35.0), random.between(22.0, 35.0)};
  const Vector3 bladder{x, y - 16.0, z + radii[2] + bladder_radii[2] - 12.0};
  const double hip = random.between(85.0, 98.0), head = random.between(21.0, 26.0);
  for (const double side : {-1.0, 1.0}) {
    painter.paint(ellipsoid({side * hip, y, z + 8.0}, {head, head, head}), kBoneHu);
    painter.paint(cylinder(side * (hip + 18.0), y, 16.0, 18.0, -200.0, z - 5.0), kBoneHu);
  }
  painter.paint(ellipsoid(bladder, bladder_radii), 5);
  painter.paint(cylinder(x, rectum_y, 0.5 * rectum, 0.5 * rectum, z - 20.0, z + 30.0), kGasHu);

  painter.target("PTV76", "PTV_7560", 75.6, ellipsoid({x, y, z}, radii));
  if (targets > 1)
    painter.target("PTV60", "PTV_6000", 60.0,
                   ellipsoid({x, y + 8.0, z + radii[2] + 4.0}, {radii[0] + 6.0, 14.0, 16.0}));
  if (targets > 2) {
    const double node_x = random.between(46.0, 58.0), node_z = z + radii[2] + 20.0;
    painter.target("PTV50", "PTV_5040", 50.4,
                   either(ellipsoid({x - node_x, y - 12.0, node_z}, {13.0, 20.0, 32.0}),
                          ellipsoid({x + node_x, y - 12.0, node_z}, {13.0, 20.0, 32.0})));
  }
  painter.organ("Rectum", "Rectum", cylinder(x, rectum_y, rectum, rectum, z - 45.0, z + 60.0));
  painter.organ("Bladder", "Bladder", ellipsoid(bladder, bladder_radii));
  painter.organ("FemoralHead_R", "Femur_Head_R", ellipsoid({-hip, y, z + 8.0}, {head, head, head}));
  painter.organ("FemoralHead_L", "Femur_Head_L", ellipsoid({hip, y, z + 8.0}, {head, head, head}));
  return painter.finish();
}

}  // namespace rtmodel
