#include <algorithm>
#include <sstream>

#include "plot/charts.h"
#include "plot/gnuplot.h"

namespace rtmodel {

using nlohmann::json;

std::string label_of(const json& result, std::size_t index) {
  const std::string label = result.value("label", "");
  return label.empty() ? "result " + std::to_string(index + 1) : label;
}

std::string colour(std::size_t i) {
  static const std::vector<std::string> kColours{"#c1272d", "#e8850c", "#d4b106", "#0f7b6c", "#1f6fb2", "#6a4c93",
                                                 "#7a5230", "#c2578e", "#4d7c2a", "#2b2b2b", "#5fa8d3", "#888888"};
  return "'" + kColours[i % kColours.size()] + "'";
}

std::string script_head(const std::string& name, const std::string& size, const std::string& title) {
  const std::string picture = kPictureVariable;
  return "set encoding utf8\nset terminal pngcairo size " + size + " noenhanced font 'sans,11'\nif (!exists('" +
         picture + "')) " + picture + " = '" + name + ".png'\nset output " + picture + "\nset title " +
         gnuplot_text(title) + "\nset grid lc rgb '#dddddd'\n";
}

Chart dvh_chart(const std::vector<json>& results) {
  std::vector<std::string> names;
  std::ostringstream data, plot;
  int block = 0;
  for (std::size_t r = 0; r < results.size(); ++r) {
    for (const auto& structure : results[r].at("structures")) {
      const std::string name = structure.at("name");
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      const std::size_t number = std::find(names.begin(), names.end(), name) - names.begin();
      const double step_gy = structure.at("dvh").at("step_gy");
      data << "# " << label_of(results[r], r) << ": " << name << "\n";
      int i = 0;
      for (const auto& fraction : structure.at("dvh").at("volume_fraction"))
        data << step_gy * i++ << " " << 100.0 * fraction.get<double>() << "\n";
      data << "\n\n";
      const std::string title = results.size() > 1 ? name + ", " + label_of(results[r], r) : name;
      plot << (block == 0 ? "plot " : ", \\\n  ") << "'dvh.dat' index " << block << " with lines lw 2 dt " << r + 1
           << " lc rgb " << colour(number) << " title " << gnuplot_text(title);
      ++block;
    }
  }
  return {"dvh", data.str(),
          script_head("dvh", "1100,700", "Dose-volume histograms, " + results.front().value("case", "")) +
              "set xlabel 'Dose (Gy)'\nset ylabel 'Volume (%)'\nset yrange [0:102]\nset xrange [0:*]\nset key outside "
              "right\n" +
              plot.str() + "\n"};
}

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
    plot << (r == 0 ? "plot " : ", \\\n  ") << "'convergence.dat' index " << r
         << " using 1:2 with lines lw 1.5 dt 2 lc rgb " << colour(r) << " title "
         << gnuplot_text(label_of(results[r], r) + ", own F") << ", \\\n  '' index " << r
         << " using 1:3 with points pt 7 ps 0.5 lc rgb " << colour(r) << " title "
         << gnuplot_text(label_of(results[r], r) + ", F_ref");
  }
  return {"convergence", data.str(),
          script_head("convergence", "1100,700", "Convergence, " + results.front().value("case", "")) +
              "set xlabel 'Call-equivalents'\nset ylabel 'Objective'\nset logscale xy\nset autoscale xfix\nset "
              "autoscale yfix\n" +
              plot.str() + "\n"};
}

}  // namespace rtmodel
