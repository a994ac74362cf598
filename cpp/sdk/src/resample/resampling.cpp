#include <algorithm>
#include <cmath>

#include "dh_advisor/resample.h"
#include "features/guarded.h"
#include "features/input.h"
#include "input/input_check.h"

namespace dh_advisor {
namespace {

/// Overlaps below this share of a cell are rounding.
constexpr double kRounding = 1e-9;

/// Cells of `pitch_mm`, odd in number, that cover `extent_mm`.
std::uint32_t cells_to_cover(double extent_mm, double pitch_mm) {
  const double half = std::ceil(std::max(0.0, 0.5 * extent_mm / pitch_mm - 0.5) - kRounding);
  if (!(half < kMostBeamlets))
    throw InputMistake{"pitch_mm makes more than " + std::to_string(kMostBeamlets) + " cells"};
  return 2 * static_cast<std::uint32_t>(half) + 1;
}

/// The model's cells that each of the client's touches, along one axis.
struct Overlap {
  std::uint32_t model;
  double length_mm;
};

std::vector<std::vector<Overlap>> overlaps(std::uint32_t client_cells, double client_mm, std::uint32_t model_cells,
                                           double model_mm) {
  std::vector<std::vector<Overlap>> result(client_cells);
  const double first_mm = -0.5 * model_cells * model_mm;
  for (std::uint32_t i = 0; i < client_cells; ++i) {
    const double low = (i - 0.5 * client_cells) * client_mm, high = low + client_mm;
    const double from = std::max(0.0, std::floor((low - first_mm) / model_mm));
    for (auto j = static_cast<std::uint32_t>(std::min<double>(from, model_cells)); j < model_cells; ++j) {
      const double begin = first_mm + j * model_mm;
      if (begin >= high) break;
      const double length = std::min(high, begin + model_mm) - std::max(low, begin);
      if (length > kRounding * std::min(client_mm, model_mm)) result[i].push_back({j, length});
    }
  }
  return result;
}

void check_length(std::size_t length, std::size_t wanted, const char* what) {
  if (length != wanted)
    throw InputMistake{std::string(what) + " has " + std::to_string(length) + " values, and must have " +
                       std::to_string(wanted)};
}

}  // namespace

Status beams_of_pitch(const std::vector<Beam>& beams, double pitch_mm, std::vector<Beam>& model_beams) {
  model_beams.clear();
  return guarded("beams_of_pitch", [&] {
    check_beams(beams);
    require(pitch_mm > 0.0 && std::isfinite(pitch_mm), "pitch_mm must be positive and finite");
    std::vector<Beam> result = beams;
    for (Beam& beam : result) {
      beam.columns = cells_to_cover(beam.columns * beam.column_width_mm, pitch_mm);
      beam.column_width_mm = pitch_mm;
      if (beam.rows == 1) continue;
      beam.rows = cells_to_cover(beam.rows * beam.row_height_mm, pitch_mm);
      beam.row_height_mm = pitch_mm;
    }
    check_beams(result);
    model_beams = std::move(result);
  });
}

Status Resampling::make(const std::vector<Beam>& client_beams, const std::vector<Beam>& model_beams,
                        Resampling& resampling) {
  resampling = {};
  return guarded("resampling", [&] {
    check_beams(client_beams);
    check_beams(model_beams);
    require(client_beams.size() == model_beams.size(), "client_beams and model_beams must pair");
    Resampling made;
    made.first_.push_back(0);
    for (std::size_t b = 0; b < client_beams.size(); ++b) {
      const Beam& client = client_beams[b];
      const Beam& model = model_beams[b];
      if (client.gantry_deg != model.gantry_deg || client.couch_deg != model.couch_deg)
        throw InputMistake{item("model_beams", b) + " has other angles than the client's"};
      const auto columns = overlaps(client.columns, client.column_width_mm, model.columns, model.column_width_mm);
      const auto rows = overlaps(client.rows, client.row_height_mm, model.rows, model.row_height_mm);
      const double client_mm2 = client.column_width_mm * client.row_height_mm;
      const double model_mm2 = model.column_width_mm * model.row_height_mm;
      for (const auto& row : rows) {
        for (const auto& column : columns) {
          for (const Overlap& v : row) {
            for (const Overlap& u : column) {
              const double area_mm2 = v.length_mm * u.length_mm;
              const std::size_t at = made.model_count_ + std::size_t{v.model} * model.columns + u.model;
              made.shares_.push_back({static_cast<std::uint32_t>(at), area_mm2 / client_mm2, area_mm2 / model_mm2});
            }
          }
          made.first_.push_back(made.shares_.size());
        }
      }
      made.model_count_ += std::size_t{model.columns} * model.rows;
    }
    resampling = std::move(made);
  });
}

Status Resampling::sum_to_model(const std::vector<double>& client, std::size_t columns,
                                std::vector<double>& model) const {
  std::vector<double> result;
  const Status status = guarded("sum_to_model", [&] {
    require(columns > 0 && columns <= kMostStructures, "columns is 0 or above 1024");
    check_length(client.size(), client_count() * columns, "client");
    result.assign(model_count_ * columns, 0.0);
    for (std::size_t i = 0; i < client_count(); ++i)
      for (std::size_t k = first_[i]; k < first_[i + 1]; ++k)
        for (std::size_t c = 0; c < columns; ++c)
          result[shares_[k].model * columns + c] += shares_[k].of_client * client[i * columns + c];
  });
  model = std::move(result);
  return status;
}

Status Resampling::average_to_model(const std::vector<double>& client, std::vector<double>& model) const {
  std::vector<double> result;
  const Status status = guarded("average_to_model", [&] {
    check_length(client.size(), client_count(), "client");
    result.assign(model_count_, 0.0);
    std::vector<double> covered(model_count_, 0.0);
    for (std::size_t i = 0; i < client_count(); ++i) {
      for (std::size_t k = first_[i]; k < first_[i + 1]; ++k) {
        result[shares_[k].model] += shares_[k].of_model * client[i];
        covered[shares_[k].model] += shares_[k].of_model;
      }
    }
    for (std::size_t j = 0; j < result.size(); ++j)
      if (covered[j] > 0.0) result[j] /= covered[j];
  });
  model = std::move(result);
  return status;
}

Status Resampling::spread_to_client(const std::vector<double>& model, std::vector<double>& client) const {
  std::vector<double> result;
  const Status status = guarded("spread_to_client", [&] {
    check_length(model.size(), model_count_, "model");
    result.assign(client_count(), 0.0);
    for (std::size_t i = 0; i < result.size(); ++i)
      for (std::size_t k = first_[i]; k < first_[i + 1]; ++k)
        result[i] += shares_[k].of_client * model[shares_[k].model];
  });
  client = std::move(result);
  return status;
}

Status Resampling::dose_of_model(const FeatureInput& client, DoseSource& model) const {
  struct Entry {
    std::uint32_t voxel;
    double dose;
  };
  DoseSource made;  // `model` may be the client's own source.
  const Status status = guarded("dose_of_model", [&] {
    check_input(client);
    check_length(client.beamlet_count, client_count(), "beamlet_count");
    auto columns = std::make_shared<std::vector<std::vector<Entry>>>(model_count_);
    bool is_out_of_memory = false;
    for_each_entry(client, [&](std::uint32_t beamlet, std::uint32_t voxel, double dose) {
      if (is_out_of_memory) return;
      try {
        for (std::size_t k = first_[beamlet]; k < first_[beamlet + 1]; ++k)
          (*columns)[shares_[k].model].push_back({voxel, shares_[k].of_client * dose});
      } catch (...) {  // Nothing may be thrown through the caller's callback.
        is_out_of_memory = true;
      }
    });
    if (is_out_of_memory) throw std::bad_alloc();
    for (auto& column : *columns) {
      std::stable_sort(column.begin(), column.end(), [](const Entry& a, const Entry& b) { return a.voxel < b.voxel; });
      std::size_t kept = 0;
      for (std::size_t i = 0; i < column.size(); ++i) {
        if (kept > 0 && column[kept - 1].voxel == column[i].voxel) {
          column[kept - 1].dose += column[i].dose;
        } else {
          column[kept++] = column[i];
        }
      }
      column.resize(kept);
    }
    made = [columns](const DoseSink& sink) {
      for (std::uint32_t j = 0; j < columns->size(); ++j)
        for (const Entry& entry : (*columns)[j]) sink(j, entry.voxel, entry.dose);
    };
  });
  model = std::move(made);
  return status;
}

}  // namespace dh_advisor
