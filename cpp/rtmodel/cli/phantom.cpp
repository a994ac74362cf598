#include <iostream>
#include <memory>

#include "case/write_case.h"
#include "commands.h"
#include "phantom/make_phantom.h"

namespace rtmodel::cli {

void add_phantom(CLI::App& app) {
  struct Arguments {
    std::string kind;
    std::uint64_t seed = 1;
    int targets = 0;
    std::string folder;
  };
  auto* command = app.add_subcommand("phantom", "Writes a synthetic case after the shapes of AAPM TG-119");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("--kind", arguments->kind, "c-shape, prostate or head-neck")->required();
  command->add_option("--seed", arguments->seed, "Same seed, same phantom, on every machine")->capture_default_str();
  command->add_option("--targets", arguments->targets, "Number of targets, 1 to 3; drawn when left out")
      ->check(CLI::Range(1, 3));
  command->add_option("DIR", arguments->folder, "Folder to write the case to; made when needed")->required();
  command->callback([arguments] {
    const auto targets = arguments->targets > 0 ? std::optional<int>(arguments->targets) : std::nullopt;
    const Case value = make_phantom(phantom_kind(arguments->kind), arguments->seed, targets);
    write_case(arguments->folder, value);
    std::cout << "wrote " << value.id << " with " << value.structures.size() << " structures to " << arguments->folder
              << "\n";
  });
}

}  // namespace rtmodel::cli
