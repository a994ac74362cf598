#include "checks/axis.h"

#include <cmath>

namespace dh_advisor {
namespace {

constexpr int kSweeps = 16;
constexpr double kLeastRatio = 3.0;

/// One rotation of Jacobi's method that clears a[p][q].
void rotate(double (&a)[3][3], double (&v)[3][3], int p, int q) {
  if (a[p][q] == 0.0) return;
  const double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
  const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::fabs(theta) + std::sqrt(theta * theta + 1.0));
  const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
  for (int k = 0; k < 3; ++k) {
    const double kp = a[k][p], kq = a[k][q];
    a[k][p] = c * kp - s * kq;
    a[k][q] = s * kp + c * kq;
  }
  for (int k = 0; k < 3; ++k) {
    const double pk = a[p][k], qk = a[q][k];
    a[p][k] = c * pk - s * qk;
    a[q][k] = s * pk + c * qk;
    const double vp = v[k][p], vq = v[k][q];
    v[k][p] = c * vp - s * vq;
    v[k][q] = s * vp + c * vq;
  }
}

}  // namespace

std::optional<Vector3> long_axis(const double (&m)[6]) {
  double a[3][3] = {{m[0], m[3], m[4]}, {m[3], m[1], m[5]}, {m[4], m[5], m[2]}};
  double v[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    rotate(a, v, 0, 1);
    rotate(a, v, 0, 2);
    rotate(a, v, 1, 2);
  }
  int longest = 0;
  for (int i = 1; i < 3; ++i)
    if (a[i][i] > a[longest][longest]) longest = i;
  for (int i = 0; i < 3; ++i)
    if (i != longest && !(a[longest][longest] >= kLeastRatio * a[i][i])) return std::nullopt;
  return Vector3{v[0][longest], v[1][longest], v[2][longest]};
}

}  // namespace dh_advisor
