// Goals as somebody wrote them.
#include "case/finding.h"
#include "prescription/prescription.h"
#include "target.h"

std::vector<std::string> seeds() {
  return {rtmodel::default_prescription_yaml(), rtmodel::shipped_prescription_yaml(), "version: 1\n"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto goals =
        rtmodel::Prescription::parse(std::string(reinterpret_cast<const char*>(data), size), "goals.yaml");
    goals.for_target(70.0);
    goals.contradictions({});
  } catch (const rtmodel::InputError&) {
    // A sentence for people: what every fault has to be.
  }
  return 0;
}
