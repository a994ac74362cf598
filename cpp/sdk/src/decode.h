#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dh/advisor/v1/plan_advisor.pb.h"
#include "dh_advisor/advice.h"
#include "dh_advisor/session.h"

/// Wire -> public values, with the frame checks of every vector. A value comes out only when its role is accepted, its
/// outcome carries a value, and it is well-formed; each value that was there gives one verdict.
namespace dh_advisor {

namespace pb = dh::advisor::v1;

/// What an answer is checked against.
struct Frame {
  std::size_t beamlet_count = 0;
  std::size_t structure_count = 0;
  double weight_ceiling = 0.0;
  double variance_lower_gy2 = 0.0;
  double variance_upper_gy2 = 0.0;
  std::set<Role> accepts;
};

/// One role's part of an answer: what the host did, and whether its value passed the frame checks.
struct Part {
  Role role = Role::kInitialization;
  Outcome outcome = Outcome::kDefault;
  bool has_value = false;                ///< The host sent a value.
  Verdict verdict = Verdict::kAccepted;  ///< Of the frame checks, when there was one.
  bool is_declined = false;              ///< The plugin has nothing for this plan, now or later.
  bool is_final = false;                 ///< No value of the role will come for this plan, for whatever reason.
  std::uint32_t latency_us = 0;
  float out_of_distribution_score = 0.0F;
  std::string detail;  ///< What the plugin said when it gave no value.
};

using Parts = std::vector<Part>;

GeometryAdvice decode(const pb::GeometryAdvice& answer, const Frame& frame, Parts& parts);
LevelAdvice decode(const pb::LevelAdvice& answer, const Frame& frame, Parts& parts);
IterationAdvice decode(const pb::IterationAdvice& answer, const Frame& frame, Parts& parts);

/// Nothing for a number that this library does not know: enums on the wire are open, and a newer host has more of them.
std::optional<Role> decode_role(int wire);
std::optional<TensorKind> decode_kind(int wire);
Outcome decode_outcome(int wire);

/// A tensor that the host wants.
struct Want {
  std::uint32_t every_n = 0;  ///< 0 = only with the geometry and at level starts.
  std::set<Role> roles;       ///< Who wants it.
  bool is_lasting = true;     ///< Others want it as well, so that it is wanted whatever becomes of the roles.
};

std::map<TensorKind, Want> decode_wants(const pb::Accepted& accepted);

/// One a role, the first. Roles that this library does not know are left out.
std::vector<RoleBinding> decode_bindings(const google::protobuf::RepeatedPtrField<pb::RoleBinding>& items);

Provenance decode(const pb::Provenance& provenance);

}  // namespace dh_advisor
