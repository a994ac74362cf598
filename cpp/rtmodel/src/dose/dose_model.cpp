#include "dose/dose_model.h"

#include <cmath>

namespace rtmodel {

double depth_dose(double depth_mm) {
  return std::exp(-kDoseModel.attenuation_per_mm * depth_mm) *
         (1.0 - kDoseModel.build_up_fraction * std::exp(-depth_mm / kDoseModel.build_up_mm));
}

}  // namespace rtmodel
