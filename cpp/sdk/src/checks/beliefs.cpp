#include "checks/beliefs.h"

#include <algorithm>
#include <cmath>

namespace dh_advisor {
namespace {

constexpr double kDegPerRad = 57.295779513082320877;

/// Where the matrix has the beamlet of a beam's row and column, within the beam.
using Place = std::size_t (*)(const Beam& beam, std::size_t row, std::size_t column);

std::size_t mirrored_columns(const Beam& beam, std::size_t row, std::size_t column) {
  return row * beam.columns + (beam.columns - 1 - column);
}
std::size_t mirrored_rows(const Beam& beam, std::size_t row, std::size_t column) {
  return (beam.rows - 1 - row) * beam.columns + column;
}
std::size_t mirrored_both(const Beam& beam, std::size_t row, std::size_t column) {
  return (beam.rows - 1 - row) * beam.columns + (beam.columns - 1 - column);
}
std::size_t rows_fastest(const Beam& beam, std::size_t row, std::size_t column) { return column * beam.rows + row; }

Belief ordered(const std::vector<Beam>& beams, Place place) {
  Belief belief = as_said(beams);
  std::size_t first = 0;
  for (const Beam& beam : beams) {
    for (std::size_t row = 0; row < beam.rows; ++row)
      for (std::size_t column = 0; column < beam.columns; ++column)
        belief.order[first + row * beam.columns + column] = first + place(beam, row, column);
    first += std::size_t{beam.columns} * beam.rows;
  }
  return belief;
}

/// The beam changes fastest, or the beams run the other way.
Belief beams_fastest(const std::vector<Beam>& beams) {
  Belief belief = as_said(beams);
  const std::size_t per_beam = belief.order.size() / beams.size();
  for (std::size_t b = 0; b < beams.size(); ++b)
    for (std::size_t i = 0; i < per_beam; ++i) belief.order[b * per_beam + i] = i * beams.size() + b;
  return belief;
}

Belief beams_reversed(const std::vector<Beam>& beams) {
  Belief belief = as_said(beams);
  const std::size_t per_beam = belief.order.size() / beams.size();
  for (std::size_t b = 0; b < beams.size(); ++b)
    for (std::size_t i = 0; i < per_beam; ++i) belief.order[b * per_beam + i] = (beams.size() - 1 - b) * per_beam + i;
  return belief;
}

bool have_equal_grids(const std::vector<Beam>& beams) {
  return std::all_of(beams.begin(), beams.end(),
                     [&](const Beam& beam) { return beam.columns == beams[0].columns && beam.rows == beams[0].rows; });
}

template <typename Change>
Belief changed(Belief belief, Change&& change) {
  for (Beam& beam : belief.beams) change(beam);
  return belief;
}

/// A gantry angle as it may have been meant, and how to say it.
struct Turn {
  const char* sentence;
  double (*angle_deg)(double said_deg);
};

const Turn kTurns[] = {
    {"gantry_deg is 90 degrees too large", [](double said_deg) { return said_deg - 90.0; }},
    {"gantry_deg is 90 degrees too small", [](double said_deg) { return said_deg + 90.0; }},
    {"gantry_deg is off by 180 degrees", [](double said_deg) { return said_deg + 180.0; }},
    {"gantry_deg runs the other way round", [](double said_deg) { return -said_deg; }},
    {"gantry_deg is in radians", [](double said_deg) { return said_deg * kDegPerRad; }},
    {"gantry_deg is in radians and 90 degrees too large", [](double said_deg) { return said_deg * kDegPerRad - 90.0; }},
    {"gantry_deg is in radians and 90 degrees too small", [](double said_deg) { return said_deg * kDegPerRad + 90.0; }},
    {"gantry_deg runs the other way round from 90 degrees", [](double said_deg) { return 90.0 - said_deg; }},
    {"gantry_deg runs the other way round from 180 degrees", [](double said_deg) { return 180.0 - said_deg; }},
};

}  // namespace

std::vector<Alternative> alternatives(const std::vector<Beam>& beams) {
  std::vector<Alternative> all;
  const auto add = [&all](CheckFault fault, const char* field, const std::string& sentence, Belief belief) {
    all.push_back({fault, field, sentence, std::move(belief)});
  };
  const bool has_rows = std::any_of(beams.begin(), beams.end(), [](const Beam& beam) { return beam.rows > 1; });
  const Belief columns = ordered(beams, mirrored_columns);
  add(CheckFault::kBeamletOrder, "columns", "the columns of every beam are mirrored", columns);
  if (has_rows) {
    add(CheckFault::kBeamletOrder, "rows", "the rows of every beam are mirrored", ordered(beams, mirrored_rows));
    add(CheckFault::kBeamletOrder, "rows", "columns and rows of every beam are mirrored",
        ordered(beams, mirrored_both));
    add(CheckFault::kBeamletOrder, "rows", "rows change fastest, and columns should", ordered(beams, rows_fastest));
  }
  if (have_equal_grids(beams) && beams.size() > 1) {
    add(CheckFault::kBeamletOrder, "beams", "beams change fastest, and should slowest", beams_fastest(beams));
    add(CheckFault::kBeamletOrder, "beams", "the beams come in reverse order", beams_reversed(beams));
  }
  for (const Turn& turn : kTurns) {
    const auto change = [&turn](Beam& beam) { beam.gantry_deg = turn.angle_deg(beam.gantry_deg); };
    add(CheckFault::kGantry, "gantry_deg", turn.sentence, changed(as_said(beams), change));
  }
  for (const Turn& turn : kTurns) {
    const auto change = [&turn](Beam& beam) { beam.gantry_deg = turn.angle_deg(beam.gantry_deg); };
    add(CheckFault::kGantry, "gantry_deg", std::string(turn.sentence) + ", and the columns of every beam are mirrored",
        changed(columns, change));
  }
  for (const double factor : {10.0, 0.1}) {
    const std::string what = factor > 1.0 ? "sizes of beamlets are in cm" : "sizes of beamlets are ten times too large";
    add(CheckFault::kPitch, "column_width_mm", what, changed(as_said(beams), [factor](Beam& beam) {
          beam.column_width_mm *= factor;
          beam.row_height_mm *= factor;
        }));
    add(CheckFault::kPitch, "column_width_mm", what + ", across the beam only",
        changed(as_said(beams), [factor](Beam& beam) { beam.column_width_mm *= factor; }));
  }
  for (const double sign : {-1.0, 1.0}) {
    add(CheckFault::kGantry, "couch_deg", sign < 0.0 ? "couch_deg runs the other way round" : "couch_deg is in radians",
        changed(as_said(beams), [sign](Beam& beam) { beam.couch_deg *= sign < 0.0 ? -1.0 : kDegPerRad; }));
  }
  return all;
}

}  // namespace dh_advisor
