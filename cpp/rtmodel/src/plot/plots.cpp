#include "plot/plots.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "case/finding.h"
#include "plot/gnuplot.h"

namespace rtmodel {
namespace {

using nlohmann::json;

constexpr const char* kHeader =
    "set encoding utf8\nset terminal pngcairo size 1100,700 noenhanced font 'sans,11'\nset grid lc rgb '#dddddd'\n";
/// Of structures; results differ by the line's dashes.
const std::vector<std::string> kColours{"#c1272d", "#e8850c", "#d4b106", "#0f7b6c", "#1f6fb2", "#6a4c93",
                                        "#7a5230", "#c2578e", "#4d7c2a", "#2b2b2b", "#5fa8d3", "#888888"};

struct Chart {
  std::string data, script;
};

std::string label_of(const json& result, std::size_t index) {
  const std::string label = result.value("label", "");
  return label.empty() ? "result " + std::to_string(index + 1) : label;
}

/// One block of the data file a curve, found by its index.
Chart dvh_chart(const std::vector<json>& results) {
  std::vector<std::string> names;
  std::ostringstream data, plot;
  int block = 0;
  for (std::size_t r = 0; r < results.size(); ++r) {
    for (const auto& structure : results[r].at("structures")) {
      const std::string name = structure.at("name");
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      const auto colour = std::find(names.begin(), names.end(), name) - names.begin();
      const double step_gy = structure.at("dvh").at("step_gy");
      data << "# " << label_of(results[r], r) << ": " << name << "\n";
      int i = 0;
      for (const auto& fraction : structure.at("dvh").at("volume_fraction"))
        data << step_gy * i++ << " " << 100.0 * fraction.get<double>() << "\n";
      data << "\n\n";
      const std::string title = results.size() > 1 ? name + ", " + label_of(results[r], r) : name;
      plot << (block == 0 ? "plot " : ", \\\n  ") << "'dvh.dat' index " << block << " with lines lw 2 dt " << r + 1
           << " lc rgb '" << kColours[colour % kColours.size()] << "' title " << gnuplot_text(title);
      ++block;
    }
  }
  const std::string head = std::string(kHeader) + "set output 'dvh.png'\nset title " +
                           gnuplot_text("Dose-volume histograms, " + results.front().value("case", "")) +
                           "\nset xlabel 'Dose (Gy)'\nset ylabel 'Volume (%)'\nset yrange [0:102]\nset xrange [0:*]\n"
                           "set key outside right\n";
  return {data.str(), head + plot.str() + "\n"};
}

/// The reference objective where it is known, since only that compares between runs; else each run's own.
Chart convergence_chart(const std::vector<json>& results) {
  std::ostringstream data, plot;
  for (std::size_t r = 0; r < results.size(); ++r) {
    const json& trace = results[r].at("trace");
    const json& calls = trace.at("call_equivalents");
    data << "# " << label_of(results[r], r) << ": calls, own F, reference F\n";
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const json& reference = trace.at("reference_objective").at(i);
      data << calls[i].get<double>() << " " << trace.at("objective").at(i).get<double>() << " "
           << (reference.is_null() ? std::string("NaN") : reference.dump()) << "\n";
    }
    if (calls.empty()) data << "NaN NaN NaN\n";
    data << "\n\n";
    const std::string& colour = kColours[r % kColours.size()];
    plot << (r == 0 ? "plot " : ", \\\n  ") << "'convergence.dat' index " << r
         << " using 1:2 with lines lw 1 dt 3 lc rgb '" << colour << "' title "
         << gnuplot_text(label_of(results[r], r) + ", own F") << ", \\\n  '' index " << r
         << " using 1:3 with points pt 7 ps 0.5 lc rgb '" << colour << "' title "
         << gnuplot_text(label_of(results[r], r) + ", F_ref");
  }
  const std::string head = std::string(kHeader) + "set output 'convergence.png'\nset title " +
                           gnuplot_text("Convergence, " + results.front().value("case", "")) +
                           "\nset xlabel 'Call-equivalents'\nset ylabel 'Objective'\nset logscale xy\n";
  return {data.str(), head + plot.str() + "\n"};
}

/// CT in grey, dose over it, contours as lines; anterior up and the patient's right on the left, as slices are read.
Chart dose_chart(const json& result, const std::string& name, std::size_t index) {
  const json& slice = result.at("slice");
  const int columns = slice.at("size").at(0), rows = slice.at("size").at(1);
  const double x0 = slice.at("origin_mm").at(0), y0 = slice.at("origin_mm").at(1);
  const double dx = slice.at("spacing_mm").at(0), dy = slice.at("spacing_mm").at(1);
  const json &dose = slice.at("dose_gy"), &ct = slice.at("ct_hu"), &structures = slice.at("structures");
  std::ostringstream data, plot;
  data << "# x_mm y_mm ct_hu dose_gy, then 1 inside each of:";
  for (const auto& structure : structures) data << " " << structure.at("name").get<std::string>();
  data << "\n";
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * columns + x;
      data << x0 + x * dx << " " << y0 + y * dy << " " << ct.at(i).get<int>() << " "
           << (dose.at(i).is_null() ? std::string("NaN") : dose.at(i).dump());
      for (const auto& structure : structures) data << " " << structure.at("inside").at(i).get<int>();
      data << "\n";
    }
    data << "\n";
  }
  plot << kHeader << "set contour base\nset cntrparam linear levels discrete 0.5\nunset surface\n";
  for (std::size_t s = 0; s < structures.size(); ++s)
    plot << "set table $contour" << s << "\nsplot '" << name << ".dat' using 1:2:" << 5 + s
         << " notitle\nunset table\n";
  plot << "unset contour\nset surface\nset output '" << name << ".png'\nset title "
       << gnuplot_text("Dose on the isocentre slice, " + result.value("case", "") + ", " + label_of(result, index))
       << "\nset size ratio -1\nset yrange [*:*] reverse\nset xlabel 'x, to the patient''s left (mm)'\n"
          "set ylabel 'y, posterior (mm)'\nset cblabel 'Dose (Gy)'\nset cbrange [0:*]\n"
          "set palette defined (0 '#20308f', 0.35 '#1fa187', 0.6 '#a0da39', 0.8 '#fde725', 1 '#c1272d')\n"
          "set key outside below\n"
          "grey(hu) = (t = (hu + 1000) * 0.12, t = t < 0 ? 0 : t > 255 ? 255 : int(t), 65536 * t + 256 * t + t)\n"
       << "plot '" << name
       << ".dat' using 1:2:(grey($3)) with points pt 5 ps 1.2 lc rgb variable notitle, \\\n  '' using "
       << "1:2:4 with points pt 5 ps 1.0 lc palette notitle";
  for (std::size_t s = 0; s < structures.size(); ++s)
    plot << ", \\\n  $contour" << s << " with lines lw 2 lc rgb '" << kColours[s % kColours.size()] << "' title "
         << gnuplot_text(structures[s].at("name").get<std::string>());
  return {data.str(), plot.str() + "\n"};
}

}  // namespace

PlotReport draw_plots(const std::vector<json>& results, const std::filesystem::path& folder,
                      const std::string& gnuplot) {
  if (results.empty()) throw InputError("plot: no result given");
  std::error_code fault;
  std::filesystem::create_directories(folder, fault);
  if (fault) throw InputError(folder.string() + ": can't be made (" + fault.message() + ")");
  std::vector<std::pair<std::string, Chart>> charts;
  try {
    charts.emplace_back("dvh", dvh_chart(results));
    charts.emplace_back("convergence", convergence_chart(results));
    for (std::size_t r = 0; r < results.size(); ++r) {
      const std::string name = "dose-" + std::to_string(r + 1);
      if (results[r].contains("slice")) charts.emplace_back(name, dose_chart(results[r], name, r));
    }
  } catch (const json::exception& wrong) {
    throw InputError(std::string("plot: a result lacks what is to be drawn: ") + wrong.what());
  }
  PlotReport report;
  for (const auto& [name, chart] : charts) {
    write_text(folder / (name + ".dat"), chart.data);
    write_text(folder / (name + ".gp"), chart.script);
    const std::string problem = run_gnuplot(gnuplot, folder, name + ".gp");
    if (problem.empty()) report.pictures.push_back(folder / (name + ".png"));
    if (report.problem.empty()) report.problem = problem;
  }
  return report;
}

}  // namespace rtmodel
