// Volumes travel only when a plugin of the session wants them, in chunks with a running checksum.   volumes [HOST:PORT]
#include <cstdint>
#include <cstdio>
#include <vector>

#include "toy_problem.h"

using namespace dh_advisor;

int main(int argc, char** argv) {
  SessionOptions options;
  options.address = argc > 1 ? argv[1] : "127.0.0.1:50151";
  PlanStart plan = toy::describe();
  plan.offers.push_back(TensorKind::kCt);
  auto session = Session::open(options, plan);

  const std::vector<std::int16_t> water(40 * 50 * 60, 0);
  if (session->wants(TensorKind::kCt)) {
    VolumeView view;
    view.kind = TensorKind::kCt;
    view.data = water.data();
    view.shape[0] = 60;
    view.shape[1] = 50;
    view.shape[2] = 40;
    for (double& spacing : view.spacing_mm) spacing = 5.0;
    const Status status = session->send_volume(view);
    std::printf("sent the volume: %s\n", status.ok() ? "ok" : status.message.c_str());
  } else {
    std::printf("nobody wants the volume\n");
  }
  session->ask_geometry({});
  session->finish({});
  return 0;
}
