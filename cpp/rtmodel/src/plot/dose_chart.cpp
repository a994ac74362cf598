#include <algorithm>
#include <sstream>

#include "plot/charts.h"
#include "plot/gnuplot.h"

namespace rtmodel {
namespace {

using nlohmann::json;

/// One line a voxel: x, y, CT, dose, then 0 or 1 for every structure.
std::string slice_data(const json& slice, const std::vector<const json*>& structures) {
  const int columns = slice.at("size").at(0), rows = slice.at("size").at(1);
  const double x0 = slice.at("origin_mm").at(0), y0 = slice.at("origin_mm").at(1);
  const double dx = slice.at("spacing_mm").at(0), dy = slice.at("spacing_mm").at(1);
  const json &dose = slice.at("dose_gy"), &ct = slice.at("ct_hu");
  std::ostringstream data;
  data << "# x_mm y_mm ct_hu dose_gy, then 1 inside each of:";
  for (const auto* structure : structures) data << " " << structure->at("name").get<std::string>();
  data << "\n";
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * columns + x;
      data << x0 + x * dx << " " << y0 + y * dy << " " << ct.at(i).get<int>() << " "
           << (dose.at(i).is_null() ? std::string("NaN") : dose.at(i).dump());
      for (const auto* structure : structures) data << " " << structure->at("inside").at(i).get<int>();
      data << "\n";
    }
    data << "\n";
  }
  return data.str();
}

}  // namespace

Chart dose_chart(const json& result, std::size_t index) {
  const json& slice = result.at("slice");
  // gnuplot can't contour what is nowhere on the slice.
  std::vector<const json*> structures;
  for (const auto& structure : slice.at("structures")) {
    const auto& inside = structure.at("inside");
    if (std::find(inside.begin(), inside.end(), 1) != inside.end()) structures.push_back(&structure);
  }
  const double dx = slice.at("spacing_mm").at(0), dy = slice.at("spacing_mm").at(1);
  const double x0 = slice.at("origin_mm").at(0).get<double>() - dx / 2,
               y0 = slice.at("origin_mm").at(1).get<double>() - dy / 2;
  const double x1 = x0 + slice.at("size").at(0).get<int>() * dx, y1 = y0 + slice.at("size").at(1).get<int>() * dy;
  const std::string name = "dose-" + std::to_string(index + 1);
  std::ostringstream half, script;
  half << ":(" << dx / 2 << "):(" << dy / 2 << "):";

  script << "set contour base\nset cntrparam levels discrete 0.5\nunset surface\n";
  for (std::size_t s = 0; s < structures.size(); ++s)
    script << "set table $contour" << s << "\nsplot '" << name << ".dat' using 1:2:" << 5 + s
           << " notitle\nunset table\n";
  script << "unset contour\nset surface\n"
         << script_head(name, "1000,900",
                        "Dose on the isocentre slice, " + result.value("case", "") + ", " + label_of(result, index))
         << "set size ratio -1\nset xrange [" << x0 << ":" << x1 << "]\nset yrange [" << y1 << ":" << y0 << "]\n"
         << "set xlabel 'x, to the patient''s left (mm)'\nset ylabel 'y, posterior (mm)'\n"
            "set cblabel 'Dose (Gy)'\nset cbrange [0:*]\nset style fill solid 1.0 noborder\n"
            "set palette defined (0 '#20308f', 0.35 '#1fa187', 0.6 '#a0da39', 0.8 '#fde725', 1 '#c1272d')\n"
            "set colorbox horizontal user origin 0.2,0.08 size 0.6,0.02\nset bmargin 9\nset key outside right top\n"
            "shade(hu) = hu < -1000 ? 0 : hu > 1000 ? 255 : int((hu + 1000) * 0.1275)\n"
            "grey(hu) = 65536 * shade(hu) + 256 * shade(hu) + shade(hu)\n"
         // A voxel without dose gets no place, or it would hide the CT.
         << "plot '" << name << ".dat' using 1:2" << half.str()
         << "(grey($3)) with boxxyerror lc rgb variable notitle, \\\n  '' using ($4 >= 0 ? $1 : NaN):2" << half.str()
         << "4 with boxxyerror lc palette notitle";
  for (std::size_t s = 0; s < structures.size(); ++s)
    script << ", \\\n  $contour" << s << " with lines lw 2.5 lc rgb " << colour(s) << " title "
           << gnuplot_text(structures[s]->at("name").get<std::string>());
  script << "\n";
  return {name, slice_data(slice, structures), script.str()};
}

}  // namespace rtmodel
