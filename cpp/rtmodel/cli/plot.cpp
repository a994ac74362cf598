#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "plot/plots.h"
#include "plot/result_file.h"

namespace rtmodel::cli {

void add_plot(CLI::App& app) {
  struct Arguments {
    std::vector<std::string> results;
    std::string folder;
  };
  auto* command =
      app.add_subcommand("plot", "Draws results over one another: dose-volume histograms, convergence, dose");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("RESULT", arguments->results, "Result files of `optimize --out`")->required();
  command->add_option("--out", arguments->folder, "Folder for pictures, data and gnuplot scripts; made when needed")
      ->required();
  command->callback([arguments] {
    std::vector<nlohmann::json> results;
    for (const auto& file : arguments->results) results.push_back(read_result(file));
    const auto case_of = [](const nlohmann::json& result) { return result.value("case", nlohmann::json()); };
    for (const auto& result : results)
      if (case_of(result) != case_of(results.front()))
        std::cerr << "warning: results of different cases are drawn over one another: " << case_of(results.front())
                  << " and " << case_of(result) << "\n";
    const auto report = draw_plots(results, arguments->folder);
    for (const auto& picture : report.pictures) std::cout << picture.string() << "\n";
    if (!report.problem.empty()) std::cerr << "rtmodel: " << report.problem << "\n";
  });
}

}  // namespace rtmodel::cli
