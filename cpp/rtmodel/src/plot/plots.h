#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace rtmodel {

/// What became of the pictures.
struct PlotReport {
  std::vector<std::filesystem::path> pictures;  ///< Written, PNG.
  std::string problem;                          ///< Why pictures are missing; empty when none is.
};

/// Draws results over one another into `folder` (made when needed): `dvh.png`, `convergence.png`, and the dose on the
/// isocentre slice as `dose-1.png`, `dose-2.png`, ... for results that carry it. Data (`.dat`) and gnuplot scripts
/// (`.gp`) stay beside the pictures. A missing or failing gnuplot is reported, not thrown. Throws InputError when the
/// folder can't be written or a result lacks what is to be drawn.
PlotReport draw_plots(const std::vector<nlohmann::json>& results, const std::filesystem::path& folder,
                      const std::string& gnuplot = "gnuplot");

}  // namespace rtmodel
