#include "plot/plots.h"

#include "case/finding.h"
#include "files/output_file.h"
#include "plot/charts.h"
#include "plot/gnuplot.h"

namespace rtmodel {

using nlohmann::json;

PlotReport draw_plots(const std::vector<json>& results, const std::filesystem::path& folder,
                      const std::string& gnuplot) {
  if (results.empty()) throw InputError("plot: no result given");
  require_writable_folder(folder);
  std::vector<Chart> charts;
  try {
    charts.push_back(dvh_chart(results));
    charts.push_back(convergence_chart(results));
    for (std::size_t r = 0; r < results.size(); ++r)
      if (results[r].contains("slice")) charts.push_back(dose_chart(results[r], r));
  } catch (const json::exception& wrong) {
    throw InputError(std::string("plot: a result lacks what is to be drawn: ") + wrong.what());
  }
  PlotReport report;
  for (const auto& chart : charts) {
    write_text_file(folder / (chart.name + ".dat"), chart.data);
    write_text_file(folder / (chart.name + ".gp"), chart.script);
    const std::string problem = run_gnuplot(gnuplot, folder, chart.name);
    if (problem.empty()) report.pictures.push_back(folder / (chart.name + ".png"));
    if (report.problem.empty()) report.problem = problem;
  }
  return report;
}

}  // namespace rtmodel
