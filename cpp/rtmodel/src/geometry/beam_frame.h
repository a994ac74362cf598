#pragma once

#include "case/grid.h"
#include "dh_advisor/beam_frame.h"

/// Beams are seen as the client library sees them.
namespace rtmodel {

using dh_advisor::BeamFrame;
using dh_advisor::BeamPoint;
using dh_advisor::kSourceAxisDistanceMm;

}  // namespace rtmodel
