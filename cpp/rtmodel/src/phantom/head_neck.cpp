#include "phantom/kinds.h"
#include "phantom/painter.h"

namespace rtmodel {

Case make_head_neck(const std::string& id, Random& random, int targets) {
  constexpr int kTissueHu = 30, kAirwayHu = -950, kBoneHu = 500, kJawHu = 900;
  constexpr double kEnd = 140.0;
  Painter painter(id, {190.0, 130.0, kEnd}, kPhantomSpacingMm);
  const double neck_x = random.between(58.0, 72.0), neck_y = random.between(58.0, 70.0);
  const Shape head = ellipsoid({0.0, -5.0, 100.0}, {random.between(72.0, 82.0), random.between(90.0, 100.0), 105.0});
  const Shape shoulders = ellipsoid({0.0, 10.0, -165.0}, {random.between(165.0, 185.0), 90.0, 100.0});
  painter.body(either(cylinder(0.0, 5.0, neck_x, neck_y, -kEnd, kEnd), either(head, shoulders)));
  painter.paint(cylinder(0.0, 0.0, 400.0, 400.0, -200.0, 200.0), kTissueHu);

  // From front to back: jaw, airway, gullet, spine with the cord inside; above the cord the brainstem.
  const double cord_y = random.between(32.0, 40.0), airway_y = random.between(-14.0, -6.0);
  const Shape cord = cylinder(0.0, cord_y, 7.0, 7.0, -kEnd, 62.0);
  const Shape jaw =
      both(without(cylinder(0.0, -25.0, 52.0, 52.0, 22.0, 52.0), cylinder(0.0, -25.0, 40.0, 40.0, 0.0, 90.0)),
           [](const Vector3& p) { return p[1] < -20.0; });
  painter.paint(cylinder(0.0, cord_y - 8.0, 22.0, 24.0, -kEnd, 60.0), kBoneHu);
  painter.paint(cord, kTissueHu);
  painter.paint(jaw, kJawHu);
  painter.paint(cylinder(0.0, airway_y, 9.0, 8.0, -kEnd, 70.0), kAirwayHu);

  const double side = random.sign();
  const double primary_z = random.between(15.0, 40.0);
  const Vector3 primary{side * random.between(14.0, 26.0), random.between(-12.0, 2.0), primary_z};
  const double node_x = neck_x - random.between(22.0, 28.0), node_y = random.between(4.0, 14.0);
  const auto nodes = [&](double on_side, double low, double high, double grow) {
    return cylinder(on_side * node_x, node_y, 15.0 + grow, 20.0 + grow, low, high);
  };
  const Vector3 radii{random.between(22.0, 32.0), random.between(20.0, 28.0), random.between(22.0, 36.0)};
  const Shape gross =
      either(ellipsoid(primary, radii), nodes(side, primary_z - random.between(20.0, 45.0), primary_z, 0.0));
  painter.target("PTV70", "PTV_7000", 70.0, gross);
  if (targets > 1)
    painter.target("PTV63", "PTV_6300", 63.0,
                   either(ellipsoid(primary, {radii[0] + 8.0, radii[1] + 7.0, radii[2] + 8.0}),
                          nodes(side, primary_z - 70.0, primary_z + 20.0, 2.0)));
  if (targets > 2)
    painter.target(
        "PTV56", "PTV_5600", 56.0,
        either(nodes(-side, primary_z - 75.0, primary_z + 15.0, 0.0), nodes(side, primary_z - 85.0, primary_z, 4.0)));

  painter.organ("Brainstem", "Brainstem", ellipsoid({0.0, cord_y - 6.0, 78.0}, {14.0, 14.0, 24.0}));
  painter.organ("SpinalCord", "SpinalCord", cord);
  const double parotid_x = neck_x - random.between(8.0, 14.0), parotid_z = random.between(38.0, 52.0);
  painter.organ("RightParotid", "Parotid_R", ellipsoid({-parotid_x, 12.0, parotid_z}, {13.0, 18.0, 25.0}));
  painter.organ("LeftParotid", "Parotid_L", ellipsoid({parotid_x, 12.0, parotid_z}, {13.0, 18.0, 25.0}));
  painter.organ("Esophagus", "Esophagus", cylinder(0.0, airway_y + 18.0, 8.0, 6.0, -kEnd, -40.0));
  painter.organ("Larynx", "Larynx", cylinder(0.0, airway_y - 4.0, 18.0, 18.0, -45.0, -10.0));
  painter.organ("Mandible", "Bone_Mandible", jaw);
  return painter.finish();
}

}  // namespace rtmodel
