// Where there is no libFuzzer: changes what a part reads well, in the same way every time. `NAME [RUNS]`.
#include <cstdlib>
#include <iostream>
#include <random>

#include "target.h"

namespace {

constexpr std::size_t kLongest = 1 << 16;

/// One small change of the kinds that readers stumble over.
void change(std::string& text, const std::vector<std::string>& from, std::mt19937_64& random) {
  const auto below = [&random](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  const std::size_t at = below(text.size() + 1);
  static const std::string kOdd[] = {std::string("\0", 1),
                                     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                     "1e999",
                                     "-1",
                                     "NaN",
                                     "{",
                                     "[[[[[[[[",
                                     "\"",
                                     "&a *a",
                                     "../../x",
                                     "\xc3\x28"};
  switch (below(6)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(random());
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      break;
    case 2:
      text.erase(at, below(16));
      break;
    case 3:
      text.insert(at, kOdd[below(std::size(kOdd))]);
      break;
    case 4:
      text.insert(at, text.substr(below(text.size() + 1), below(64)));
      break;
    default: {
      const std::string& other = from[below(from.size())];
      text = text.substr(0, at) + other.substr(below(other.size() + 1));
    }
  }
  if (text.size() > kLongest) text.resize(kLongest);
}

}  // namespace

int main(int argc, char** argv) {
  const long runs = argc > 1 ? std::atol(argv[1]) : 20000;
  const std::vector<std::string> from = seeds();
  std::mt19937_64 random(1);
  for (long run = 0; run < runs; ++run) {
    std::string text = from[random() % from.size()];
    for (std::uint64_t changes = random() % 8; changes > 0; --changes) change(text, from, random);
    // Bytes of their own, so that reading beyond the end is seen.
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::cout << runs << " inputs\n";
  return 0;
}
