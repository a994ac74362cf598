#include "phantom/make_phantom.h"

#include "case/finding.h"
#include "phantom/kinds.h"

namespace rtmodel {

PhantomKind phantom_kind(const std::string& name) {
  if (name == "c-shape") return PhantomKind::kCShape;
  if (name == "prostate") return PhantomKind::kProstate;
  if (name == "head-neck") return PhantomKind::kHeadNeck;
  throw InputError("kind: there is no phantom \"" + name + "\"; take c-shape, prostate or head-neck");
}

Case make_phantom(PhantomKind kind, std::uint64_t seed, std::optional<int> targets) {
  if (targets && (*targets < 1 || *targets > 3))
    throw InputError("targets: " + std::to_string(*targets) + " is not in [1, 3]");
  Random random(seed);
  const int drawn = 1 + static_cast<int>(random.next() % 3);
  const int count = targets.value_or(drawn);
  switch (kind) {
    case PhantomKind::kCShape:
      return make_c_shape("c-shape-" + std::to_string(seed), random, count);
    case PhantomKind::kProstate:
      return make_prostate("prostate-" + std::to_string(seed), random, count);
    case PhantomKind::kHeadNeck:
      return make_head_neck("head-neck-" + std::to_string(seed), random, targets.value_or(3));
  }
  throw InputError("kind: unknown phantom");
}

}  // namespace rtmodel
