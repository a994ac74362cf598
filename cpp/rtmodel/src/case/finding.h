#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rtmodel {

/// Something wrong with an input: where, what, and how to fix it.
struct Finding {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  std::string where;
  std::string what;
  std::string mend;

  std::string text() const { return where + ": " + what + (mend.empty() ? "" : "; " + mend); }
};

/// Collects findings so that all are told at once.
class Findings {
 public:
  void error(std::string where, std::string what, std::string mend = "") {
    list_.push_back({Finding::Severity::kError, std::move(where), std::move(what), std::move(mend)});
  }
  void warn(std::string where, std::string what, std::string mend = "") {
    list_.push_back({Finding::Severity::kWarning, std::move(where), std::move(what), std::move(mend)});
  }
  bool has_errors() const {
    for (const auto& finding : list_)
      if (finding.severity == Finding::Severity::kError) return true;
    return false;
  }
  bool has_error_at(const std::string& where) const {
    for (const auto& finding : list_)
      if (finding.severity == Finding::Severity::kError && finding.where == where) return true;
    return false;
  }
  const std::vector<Finding>& list() const& { return list_; }
  std::vector<Finding> list() && { return std::move(list_); }

 private:
  std::vector<Finding> list_;
};

/// Thrown where one fault ends the work: a sentence for people that says what is wrong and how to fix it.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rtmodel
