#include "dose/influence_size.h"

#include <omp.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <unistd.h>
#endif

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>

#include "case/finding.h"
#include "dose/beam_at_voxel.h"

namespace rtmodel {
namespace {

/// Beamlets looked at in all, which bounds the time that an estimate takes.
constexpr double kMostLooks = 2e8;
constexpr double kFewestSamples = 20.0, kMostSamples = 400.0;
/// An entry while it is made, and in the matrix; and what the solver keeps of it at its levels.
constexpr double kBytesOfAnEntry = 8.0 + 8.0 + 12.0;
constexpr double kBytesOfARow = 64.0;
constexpr double kBytesPerGb = 1e9;
constexpr double kShareOfMemory = 0.75;

std::vector<int> sample_of(const std::vector<int>& voxels, int beamlets) {
  const double wanted = std::clamp(kMostLooks / std::max(1, beamlets), kFewestSamples, kMostSamples);
  const std::size_t step = std::max<std::size_t>(1, static_cast<std::size_t>(voxels.size() / wanted));
  std::vector<int> sample;
  for (std::size_t i = step / 2; i < voxels.size(); i += step) sample.push_back(voxels[i]);
  return sample;
}

double physical_memory_bytes() {
#ifdef _WIN32
  MEMORYSTATUSEX memory{};
  memory.dwLength = sizeof memory;
  return GlobalMemoryStatusEx(&memory) != 0 ? static_cast<double>(memory.ullTotalPhys) : 0.0;
#else
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
#endif
}

}  // namespace

InfluenceSize estimate_influence(const DensityGrid& density, const BeamletGrid& beamlets,
                                 const std::vector<int>& voxel_of_row, int threads) {
  const auto sample = sample_of(voxel_of_row, beamlets.count());
  if (sample.empty()) return {};
  const auto beams = beamlets.beams.size();
  const auto seen = see_voxels(density, beamlets, sample, threads > 0 ? threads : omp_get_max_threads());
  BeamAtVoxel beam_at_voxel(beamlets);
  double found = 0.0;
  for (std::size_t b = 0; b < beams; ++b) {
    double open_dose = 0.0, peak = 0.0;
    for (std::size_t i = b; i < seen.size(); i += beams) open_dose = std::max(open_dose, seen[i].open_dose);
    // The highest dose of a beamlet is on its axis, about where the open field has its own.
    const VoxelInBeam on_axis{{0.0, 0.0, kSourceAxisDistanceMm}, open_dose};
    beam_at_voxel.for_each(static_cast<int>(b), on_axis, [&](int, double dose) { peak = std::max(peak, dose); });
    for (std::size_t i = b; i < seen.size(); i += beams)
      beam_at_voxel.for_each(static_cast<int>(b), seen[i], [&](int, double dose) {
        found += dose > 0.0 && dose >= kDoseModel.cut_off * peak ? 1.0 : 0.0;
      });
  }
  const auto rows = static_cast<double>(voxel_of_row.size());
  InfluenceSize size;
  size.entries = found * rows / static_cast<double>(sample.size());
  const double bytes = size.entries * kBytesOfAnEntry +
                       rows * (kBytesOfARow + static_cast<double>(beams) * sizeof(VoxelInBeam)) +
                       static_cast<double>(density.density.size()) * 24.0;
  size.memory_gb = bytes / kBytesPerGb;
  return size;
}

double default_memory_limit_gb() {
  double bytes = physical_memory_bytes();
  double of_container = 0.0;
  // "max" where there is no limit, which is no number.
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> of_container && of_container > 0.0)
    bytes = std::min(bytes, of_container);
  return kShareOfMemory * bytes / kBytesPerGb;
}

void require_room(const InfluenceSize& size, std::optional<double> limit_gb) {
  const double limit = limit_gb.value_or(default_memory_limit_gb());
  const bool has_too_many = size.entries > static_cast<double>(std::numeric_limits<int>::max());
  if (!has_too_many && size.memory_gb <= limit) return;
  char text[160];
  std::snprintf(text, sizeof text,
                "the influence matrix would have about %.2g entries, and planning would take about %.3g GB of memory",
                size.entries, size.memory_gb);
  std::string why = ", more than 2.1e9 entries can't be held";
  if (!has_too_many) {
    char more[64];
    std::snprintf(more, sizeof more, ", more than the limit of %.3g GB", limit);
    why = more;
  }
  throw InputError(text + why + "; use larger beamlets, fewer beams, a window or a coarser grid" +
                   (has_too_many ? "" : ", or raise --memory-limit-gb"));
}

}  // namespace rtmodel
