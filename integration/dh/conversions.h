#pragma once

#include <cstdint>
#include <vector>

/// Every conversion between dH's terms and the contract's, in one place. Plain numbers: no type of dH or of the client
/// library. Pure, thread-safe, no function throws anything but std::bad_alloc. Vectors have one value a beamlet.
///
/// Left of each arrow is dH (Gy/100, parameters x, shifts, radians, gradients that point downhill), right of it the
/// contract (Gy, weights w, columns, degrees, dF/dw uphill).
namespace dh_adapter {

constexpr double kGyOfDose = 100.0;         ///< dH's doses are in units of 100 Gy,
constexpr double kGy2OfVariance = 10000.0;  ///< so its variances are in units of 10,000 Gy^2.

constexpr double gy_of(double dose) { return kGyOfDose * dose; }
constexpr double dose_of(double gy) { return gy / kGyOfDose; }
constexpr double gy2_of(double variance) { return kGy2OfVariance * variance; }
constexpr double variance_of(double gy2) { return gy2 / kGy2OfVariance; }

/// A level's sigma in Gy, from dH's registry values GBinSigma and LevelSigma<n>: 20 Gy / {8, 3.2, 1.3, 0.5}.
constexpr double sigma_gy_of_divisor(double g_bin_sigma, double level_sigma) {
  return gy_of(g_bin_sigma / level_sigma);
}

/// The optimizer's bounds of the variance at a sigma, in dH's unit, and the sigma of an upper bound.
constexpr double kLowerBoundInSigma2 = 0.25;
constexpr double kUpperBoundInSigma2 = 1.5;
constexpr double lower_variance_of(double sigma_gy) { return variance_of(kLowerBoundInSigma2 * sigma_gy * sigma_gy); }
constexpr double upper_variance_of(double sigma_gy) { return variance_of(kUpperBoundInSigma2 * sigma_gy * sigma_gy); }
double sigma_gy_of_upper_variance(double upper_variance);

/// Levels have the same numbers on both sides, 0 the finest; dH's are int. A negative one becomes the largest number,
/// which no plan has.
std::uint32_t wire_number(int number);

/// IEC 61217 gantry angle in degrees, [0, 360), of dH's, which is in radians and a quarter turn ahead; and back,
/// [0, 2 pi).
double gantry_deg_of(double gantry_rad);
double gantry_rad_of(double gantry_deg);

/// The sigmoid w = ceiling / (1 + exp(-steepness x)). Both are run-time values of dH (environment, registry): measure
/// them, do not assume them.
struct Sigmoid {
  double ceiling = 0.0;    ///< W
  double steepness = 0.0;  ///< s
};

/// From dH's Transform and dTransform at x = 0: W / 2 and W s / 4.
Sigmoid sigmoid_from(double transform_at_zero, double slope_at_zero);

/// Fractions of the ceiling are kept this far from 0 and 1 before the sigmoid is inverted: dH guards the upper end
/// only.
constexpr double kFractionMargin = 1e-4;
/// Smallest q (1 - q) that a gradient is divided by: on the rails dF/dx holds no dF/dw any more.
constexpr double kLeastSlope = 1e-6;

double weight_of(double parameter, Sigmoid sigmoid);
double parameter_of(double weight, Sigmoid sigmoid);

/// dH's shift order <-> beam, row, column: dH's first beamlet of a beam is the contract's last column. Its own inverse.
/// One row; `columns` a beam. A length that is no multiple of it stays as it is.
std::vector<double> mirrored(std::vector<double> values, int columns);

/// x in dH's order -> w.
std::vector<double> weights_from(const std::vector<double>& parameters, Sigmoid sigmoid, int columns);
/// w -> x in dH's order.
std::vector<double> parameters_from(const std::vector<double>& weights, Sigmoid sigmoid, int columns);
/// What `Prescription::operator()` gives (by x, downhill) at `parameters` -> dF/dw.
std::vector<double> gradient_from_prescription(const std::vector<double>& gradient,
                                               const std::vector<double>& parameters, Sigmoid sigmoid, int columns);
/// What `DynamicCovarianceOptimizer::m_vGrad` holds in its loop, the same times -1 -> dF/dw.
std::vector<double> gradient_from_optimizer(const std::vector<double>& gradient, const std::vector<double>& parameters,
                                            Sigmoid sigmoid, int columns);
/// Adaptive variance -> Gy^2, and back inside [lower, upper] of dH's unit.
std::vector<double> variances_gy2_from(const std::vector<double>& variances, int columns);
std::vector<double> variances_from(const std::vector<double>& variances_gy2, double lower, double upper, int columns);

}  // namespace dh_adapter
