#pragma once

#include <memory>
#include <vector>

#include "dh_advisor/features.h"

/// Beamlets of one size for an optimizer, of another for a model. Models are trained at one pitch (5 mm) and refuse
/// others; a client whose beamlets differ introduces its plan with beams of the model's pitch (`beams_of_pitch`), sends
/// features of these, and carries weights back.
///
/// A model's beamlet is taken as an even fluence over its cell: each of the client's beamlets gets the mean of the
/// fluence over its own cell. So doses are linear in the model's weights, and the features of the model's beamlets are
/// sums of the client's: mean doses and gradients are exact to rounding, and a flat start stays flat. Column norms and
/// maximum doses are no sums; build them from `dose_of_model`.
///
/// Functions never throw; a mistake is kInvalidInput with the field's name, lack of memory kFault. A Resampling is
/// immutable once made, hence thread-safe.
namespace dh_advisor {

/// The same fields in cells of `pitch_mm`: the smallest odd numbers of columns and rows, centred as the client's are,
/// that cover them. A single row stays one and keeps its height.
DH_ADVISOR_API Status beams_of_pitch(const std::vector<Beam>& beams, double pitch_mm, std::vector<Beam>& model_beams);

class DH_ADVISOR_API Resampling {
 public:
  /// Beams pair by index and must have the same angles; n = beamlets of the client, m = of the model.
  static Status make(const std::vector<Beam>& client_beams, const std::vector<Beam>& model_beams,
                     Resampling& resampling);

  std::size_t client_count() const { return first_.empty() ? 0 : first_.size() - 1; }  ///< n.
  std::size_t model_count() const { return model_count_; }                             ///< m.

  /// What adds up: mean doses, dF/dw. n x columns, row-major -> m x columns.
  Status sum_to_model(const std::vector<double>& client, std::size_t columns, std::vector<double>& model) const;
  /// What is a height: weights, as means over the model's cells where the client has beamlets. n -> m.
  Status average_to_model(const std::vector<double>& client, std::vector<double>& model) const;
  /// Weights, variances and directions of weights: means over the client's cells. m -> n.
  Status spread_to_client(const std::vector<double>& model, std::vector<double>& client) const;

  /// Doses of the model's beamlets, for the builders of `features.h`. `client` is called once, now, and its entries are
  /// kept: about 16 bytes each, times the model's beamlets that one of the client's touches (at most 4 unless the
  /// client's are larger).
  Status dose_of_model(const FeatureInput& client, DoseSource& model) const;

 private:
  struct Share {
    std::uint32_t model = 0;
    double of_client = 0.0;  ///< Share of the client's cell that the model's covers.
    double of_model = 0.0;   ///< Share of the model's cell that the client's covers.
  };

  std::vector<std::size_t> first_;  ///< Shares of the client's beamlet i: [first_[i], first_[i + 1]).
  std::vector<Share> shares_;
  std::size_t model_count_ = 0;
};

}  // namespace dh_advisor
