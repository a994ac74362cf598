#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <string>

#include "checks/checks.h"
#include "files/bits.h"

namespace rtmodel {
namespace {

constexpr double kWarnedOutside = 0.05, kRefusedOutside = 0.5, kWarnedAir = 0.1, kRefusedAir = 0.5;
/// Rounding of partly covered voxels may differ between programs.
constexpr double kCountTolerance = 0.01;
/// Volumes of bodies, from a mouse to several people: others come from lengths that are not in mm.
constexpr double kSmallestBodyCc = 10.0, kLargestBodyCc = 500'000.0;

struct Shares {
  double voxels = 0.0, outside = 0.0, air = 0.0;
};

Shares shares_of(const Case& value, const CaseStructure& structure, const CaseStructure* body) {
  Shares shares;
  for (std::size_t i = 0; i < value.masks.size(); ++i) {
    if (!value.is_in(structure, i)) continue;
    shares.voxels += 1.0;
    if (body != nullptr && !value.is_in(*body, i)) shares.outside += 1.0;
    if (!value.ct_hu.empty() && value.ct_hu[i] < kAirHu) shares.air += 1.0;
  }
  if (shares.voxels > 0.0) {
    shares.outside /= shares.voxels;
    shares.air /= shares.voxels;
  }
  return shares;
}

class StructureCheck {
 public:
  StructureCheck(const CaseDescription& description, Findings& findings)
      : value_(description.value),
        stated_(description.stated_voxels),
        where_(description.masks_file),
        body_(body_of(value_)),
        findings_(findings) {}

  void run() {
    Mask known = 0;
    for (std::size_t s = 0; s < value_.structures.size(); ++s) {
      const auto& structure = value_.structures[s];
      if (structure.bit < 0) continue;
      known |= Mask{1} << structure.bit;
      const Shares shares = shares_of(value_, structure, body_);
      if (shares.voxels == 0.0) {
        tell_empty(structure);
        continue;
      }
      if (s < stated_.size() && stated_[s]) compare_count(structure, *stated_[s], shares.voxels);
      if (&structure == body_) {
        check_volume(structure, shares.voxels);
      } else {
        check_place(structure, shares);
      }
    }
    check_twins();
    const auto strangers =
        std::count_if(value_.masks.begin(), value_.masks.end(), [known](Mask mask) { return (mask & ~known) != 0; });
    if (strangers > 0)
      findings_.warn(where_, std::to_string(strangers) + " voxels have bits of no structure", "they are ignored");
  }

 private:
  void tell_empty(const CaseStructure& structure) {
    const std::string what = "has no voxel of " + structure.name + " (bit " + std::to_string(structure.bit) + ")";
    if (structure.role == CaseRole::kOrgan) {
      findings_.warn(where_, what, "the organ is left out");
    } else {
      findings_.error(where_, what, "contour it, or take it out of case.json");
    }
  }

  void compare_count(const CaseStructure& structure, double stated, double found) {
    if (std::fabs(stated - found) <= std::max(1.0, kCountTolerance * found)) return;
    findings_.warn(where_,
                   "has " + std::to_string(std::lround(found)) + " voxels of " + structure.name +
                       ", but case.json says " + std::to_string(std::llround(std::min(stated, 1e15))),
                   "check that case.json and the masks belong together");
  }

  void check_volume(const CaseStructure& body, double voxels) {
    const double volume_cc = voxels * value_.grid.voxel_volume_cc();
    if (volume_cc >= kSmallestBodyCc && volume_cc <= kLargestBodyCc) return;
    findings_.warn(where_, body.name + " has " + std::to_string(volume_cc) + " cc", "check that lengths are in mm");
  }

  void check_place(const CaseStructure& structure, const Shares& shares) {
    const bool is_target = structure.role == CaseRole::kTarget;
    if (shares.outside > kWarnedOutside) {
      const std::string what = percent(shares.outside) + " of " + structure.name + " lies outside the body";
      const std::string fix = "make the body contain it, and check that CT and contours belong together";
      if (is_target && shares.outside > kRefusedOutside) {
        findings_.error(where_, what, fix);
      } else {
        findings_.warn(where_, what, fix);
      }
    }
    // Organs with air in them, such as the larynx, are as they should be.
    if (!is_target || shares.air <= kWarnedAir) return;
    const std::string what = percent(shares.air) + " of " + structure.name + " is air in the CT";
    const std::string fix = "check that CT and contours belong together";
    if (shares.air > kRefusedAir) {
      findings_.error(where_, what, fix);
    } else {
      findings_.warn(where_, what, fix);
    }
  }

  /// Structures with the very same voxels: mostly a copy under another name, of which one is left without voxels of
  /// its own.
  void check_twins() {
    const std::size_t count = value_.structures.size();
    std::vector<Mask> differs(kMaskBits, 0);
    Mask seen = 0;
    for (const Mask mask : value_.masks) {
      seen |= mask;
      for (Mask rest = mask; rest != 0; rest &= rest - 1) differs[lowest_bit(rest)] |= ~mask;
    }
    const auto equals = [&](int a, int b) {
      return (differs[a] >> b & 1U) == 0 && (differs[b] >> a & 1U) == 0 && (seen >> a & 1U) != 0;
    };
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        const auto &first = value_.structures[a], &second = value_.structures[b];
        if (first.bit >= 0 && second.bit >= 0 && first.bit != second.bit && equals(first.bit, second.bit))
          findings_.warn(where_, first.name + " and " + second.name + " have the same voxels",
                         "check that none is a copy by mistake");
      }
    }
  }

  const Case& value_;
  const std::vector<std::optional<double>>& stated_;
  const std::string& where_;
  const CaseStructure* body_;
  Findings& findings_;
};

}  // namespace

void check_structures(const CaseDescription& description, Findings& findings) {
  StructureCheck(description, findings).run();
}

}  // namespace rtmodel
