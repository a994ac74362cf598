#pragma once

#include <string>
#include <vector>

#include "ItkUtils.h"

namespace dH {

class Structure {
 public:
  enum StructType { eNONE = 0, eTARGET = 1, eOAR = 2 };

  const std::string& GetName() { return name; }
  StructType GetType() const { return type; }
  const VolumeReal* GetRegion(int /*nLevel*/) { return region; }

  std::string name;
  StructType type = eNONE;
  VolumeReal::Pointer region = VolumeReal::New();
};

class Beam {
 public:
  double GetGantryAngle() const { return gantry_angle; }
  const itk::Vector<REAL>& GetIsocenter() const { return isocenter; }
  int GetBeamletCount() { return static_cast<int>(m_arrBeamlets.size()); }
  VolumeReal* GetBeamlet(int nShift) { return m_arrBeamlets[static_cast<std::size_t>(nShift + GetBeamletCount() / 2)]; }

  double gantry_angle = 0.0;
  itk::Vector<REAL> isocenter{};
  std::vector<VolumeReal::Pointer> m_arrBeamlets;
};

class Plan {
 public:
  int GetBeamCount() const { return static_cast<int>(beams.size()); }
  Beam* GetBeamAt(int nAt) { return &beams[static_cast<std::size_t>(nAt)]; }
  int GetTotalBeamletCount() {
    int count = 0;
    for (Beam& beam : beams) count += beam.GetBeamletCount();
    return count;
  }

  std::vector<Beam> beams;
  VolumeReal::Pointer m_pDose = VolumeReal::New();
};

}  // namespace dH

typedef dH::Beam CBeam;
typedef dH::Plan CPlan;
