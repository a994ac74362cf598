#include "c/plain_call.h"

using dh_advisor::Status;
namespace c = dh_advisor::c;

namespace {

/// Vectors of the lengths that the resampling has, through `carry`.
template <typename Carry>
int carried(const dh_advisor_resampling* resampling, const double* in, std::size_t count, double* out, Carry carry) {
  return c::plain_call([&] {
    c::required(resampling, "resampling");
    c::required(in, "the vector to carry");
    c::required(out, "the buffer");
    std::vector<double> result;
    const Status status = carry({in, in + count}, result);
    c::copy_out(result, out);
    return status;
  });
}

}  // namespace

extern "C" {

int dh_advisor_beams_of_pitch(const dh_advisor_beam* beams, size_t beam_count, double pitch_mm,
                              dh_advisor_beam* model_beams) {
  return c::plain_call([&] {
    c::required(model_beams, "model_beams");
    std::vector<dh_advisor::Beam> found;
    const Status status = dh_advisor::beams_of_pitch(c::to_beams(beams, beam_count), pitch_mm, found);
    std::transform(found.begin(), found.end(), model_beams, [](const dh_advisor::Beam& of) {
      return dh_advisor_beam{of.gantry_deg, of.couch_deg, of.columns, of.rows, of.column_width_mm, of.row_height_mm};
    });
    return status;
  });
}

dh_advisor_resampling* dh_advisor_resampling_create(const dh_advisor_beam* client_beams,
                                                    const dh_advisor_beam* model_beams, size_t beam_count) {
  auto* made = new (std::nothrow) dh_advisor_resampling;
  const int code = c::plain_call([&] {
    if (made == nullptr) throw std::bad_alloc();
    return dh_advisor::Resampling::make(c::to_beams(client_beams, beam_count), c::to_beams(model_beams, beam_count),
                                        made->resampling);
  });
  if (code == DH_ADVISOR_STATUS_OK) return made;
  delete made;
  return nullptr;
}

void dh_advisor_resampling_free(dh_advisor_resampling* resampling) { delete resampling; }

size_t dh_advisor_resampling_client_count(const dh_advisor_resampling* resampling) {
  return resampling == nullptr ? 0 : resampling->resampling.client_count();
}

size_t dh_advisor_resampling_model_count(const dh_advisor_resampling* resampling) {
  return resampling == nullptr ? 0 : resampling->resampling.model_count();
}

int dh_advisor_sum_to_model(const dh_advisor_resampling* resampling, const double* client, size_t columns,
                            double* model) {
  const size_t count = dh_advisor_resampling_client_count(resampling);
  // Of a number of columns that is refused anyway nothing is read.
  const size_t read = columns > dh_advisor::kMostStructures ? 0 : count * columns;
  return carried(resampling, client, read, model, [&](const std::vector<double>& in, std::vector<double>& out) {
    return resampling->resampling.sum_to_model(in, columns, out);
  });
}

int dh_advisor_average_to_model(const dh_advisor_resampling* resampling, const double* client, double* model) {
  const size_t count = dh_advisor_resampling_client_count(resampling);
  return carried(resampling, client, count, model, [&](const std::vector<double>& in, std::vector<double>& out) {
    return resampling->resampling.average_to_model(in, out);
  });
}

int dh_advisor_spread_to_client(const dh_advisor_resampling* resampling, const double* model, double* client) {
  const size_t count = dh_advisor_resampling_model_count(resampling);
  return carried(resampling, model, count, client, [&](const std::vector<double>& in, std::vector<double>& out) {
    return resampling->resampling.spread_to_client(in, out);
  });
}

int dh_advisor_build_model_features(const dh_advisor_resampling* resampling, const dh_advisor_feature_input* client,
                                    double* column_norm, double* mean_dose, double* max_dose) {
  return c::plain_call([&] {
    c::required(resampling, "resampling");
    dh_advisor::FeatureInput input = c::to_features(client, "client");
    dh_advisor::BeamletFeatures features;
    Status status = resampling->resampling.dose_of_model(input, input.dose);
    if (!status.ok()) return status;
    input.beamlet_count = static_cast<std::uint32_t>(resampling->resampling.model_count());
    status = dh_advisor::build_beamlet_features(input, features);
    c::copy_out(features.column_norm, column_norm);
    c::copy_out(features.mean_dose, mean_dose);
    c::copy_out(features.max_dose, max_dose);
    return status;
  });
}

}  // extern "C"
