#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "dh_advisor/plan.h"
#include "dh_advisor/status.h"

namespace dh_advisor {

/// Collects the first reason why a message can't be sent. Nothing is built until something is wrong.
class InputCheck {
 public:
  /// `message`: such as "iteration"; starts the sentence.
  explicit InputCheck(const char* message) : message_(message) {}

  bool is_good() const { return problem_.empty(); }
  Status status() const {
    return is_good() ? Status::okay() : Status::failed(StatusCode::kInvalidInput, message_ + (": " + problem_));
  }

  void require(bool holds, std::string_view field, std::string_view problem) {
    if (!holds && is_good()) problem_.append(field).append(" ").append(problem);
  }
  void finite(double value, std::string_view field) { require(std::isfinite(value), field, "is not finite"); }
  void positive(double value, std::string_view field) {
    require(value > 0.0 && std::isfinite(value), field, "must be positive and finite");
  }
  void not_negative(double value, std::string_view field) {
    require(value >= 0.0 && std::isfinite(value), field, "must be finite and not negative");
  }
  void text(const std::string& value, std::string_view field);
  /// Text that must say something.
  void name(const std::string& value, std::string_view field);
  template <typename Enum>
  void one_of(Enum value, Enum first, Enum last, std::string_view field) {
    const bool is_known =
        static_cast<int>(value) >= static_cast<int>(first) && static_cast<int>(value) <= static_cast<int>(last);
    require(is_known, field, "has the number " + std::to_string(static_cast<int>(value)) + ", which means nothing");
  }

 private:
  std::string message_;
  std::string problem_;
};

/// `structures[3].name`.
inline std::string item(const char* list, std::size_t index, const char* field = nullptr) {
  std::string path = list + ("[" + std::to_string(index) + "]");
  if (field != nullptr) path.append(".").append(field);
  return path;
}

}  // namespace dh_advisor
