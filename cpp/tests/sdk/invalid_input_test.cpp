// What an optimizer can't send is found before anything of it goes out, and is told by the name of the field.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dh_advisor/session.h"
#include "scripted_advisor.h"

namespace dh_advisor::testing {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

class InvalidInput : public ::testing::Test {
 protected:
  std::unique_ptr<Session> open(const PlanStart& plan) { return Session::open(options_for(advisor_), plan); }

  /// Opens a spoilt plan: refused by the name of the field, and nothing has arrived.
  template <typename Spoil>
  void expect_start_refused(const std::string& field, Spoil spoil) {
    PlanStart plan = small_plan();
    spoil(plan);
    const std::size_t before = advisor_.events().size();
    const auto session = open(plan);
    expect_refused(*session, field);
    EXPECT_EQ(advisor_.events().size(), before) << field;
  }

  /// Puts a spoilt question to a session that has asked for level 0.
  template <typename Ask>
  void expect_question_refused(const std::string& field, Ask ask) {
    const auto session = open(small_plan());
    session->ask_level(level_zero());
    const std::size_t before = advisor_.events().size();
    ask(*session);
    expect_refused(*session, field);
    EXPECT_EQ(advisor_.events().size(), before) << field;
  }

  static void expect_refused(const Session& session, const std::string& field) {
    EXPECT_FALSE(session.is_live()) << field;
    EXPECT_EQ(session.status().code, StatusCode::kInvalidInput) << session.status().message;
    EXPECT_NE(session.status().message.find(field), std::string::npos) << session.status().message;
  }

  ScriptedAdvisor advisor_{answer_well};
  std::vector<double> numbers_ = std::vector<double>(4, 1.0);
};

TEST_F(InvalidInput, TextThatIsNotUtf8) {
  // As a German Windows hands it over.
  const std::string windows =
      "R\xfc"
      "ckenmark";
  expect_start_refused("client", [&](PlanStart& plan) { plan.client = windows; });
  expect_start_refused("plan_key", [&](PlanStart& plan) { plan.plan_key = windows; });
  expect_start_refused("patient_key", [&](PlanStart& plan) { plan.patient_key = windows; });
  expect_start_refused("label", [&](PlanStart& plan) { plan.label = windows; });
  expect_start_refused("label", [](PlanStart& plan) { plan.label.assign(65, 'a'); });
  expect_start_refused("quality", [](PlanStart& plan) { plan.quality = static_cast<Quality>(4); });
  expect_start_refused("structures[0].name", [&](PlanStart& plan) { plan.structures[0].name = windows; });
  expect_start_refused("structures[0].tg263_name", [&](PlanStart& plan) { plan.structures[0].tg263_name = windows; });
  // Cut off, overlong, a surrogate, beyond Unicode.
  for (const char* text : {"\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    expect_start_refused("plan_key", [&](PlanStart& plan) { plan.plan_key = text; });
  }
}

TEST_F(InvalidInput, TextWithControlCharacters) {
  for (const std::string& text : {std::string("PTV\n70"), std::string("PTV\0", 4), std::string("PTV\x7f"),
                                  std::string("PTV\xc2\x85"), std::string("PTV\xe2\x80\xa8")}) {
    expect_start_refused("structures[0].name", [&](PlanStart& plan) { plan.structures[0].name = text; });
  }
  expect_start_refused("client", [&](PlanStart& plan) { plan.client = std::string(20 << 20, 'x'); });
}

TEST_F(InvalidInput, TextInAnyLanguageIsGood) {
  PlanStart plan = small_plan();
  plan.structures[0].name =
      "R\xc3\xbc"
      "ckenmark \xe8\x84\x8a\xe9\xab\x93 \xf0\x9f\xab\x80";
  EXPECT_TRUE(open(plan)->is_live());
}

TEST_F(InvalidInput, NumbersOfThePlan) {
  for (double bad : {kNan, kInfinity, -1.0}) {
    expect_start_refused("structures[0].volume_cc", [=](PlanStart& plan) { plan.structures[0].volume_cc = bad; });
    expect_start_refused("objective_weight", [=](PlanStart& plan) { plan.structures[0].objective_weight = bad; });
    expect_start_refused("prescribed_dose_gy", [=](PlanStart& plan) { plan.structures[0].prescribed_dose_gy = bad; });
    expect_start_refused("prescription[0].dose_gy", [=](PlanStart& plan) {
      plan.structures[0].prescription = {{bad, 0.5}};
    });
    expect_start_refused("volume_fraction", [=](PlanStart& plan) { plan.structures[0].prescription = {{1.0, bad}}; });
    expect_start_refused("beams[0].column_width_mm", [=](PlanStart& plan) { plan.beams[0].column_width_mm = bad; });
    expect_start_refused("beams[0].row_height_mm", [=](PlanStart& plan) { plan.beams[0].row_height_mm = bad; });
    expect_start_refused("levels[1].histogram_sigma_gy",
                         [=](PlanStart& plan) { plan.levels[1].histogram_sigma_gy = bad; });
    expect_start_refused("variance_lower_gy2", [=](PlanStart& plan) { plan.levels[0].variance_lower_gy2 = bad; });
    expect_start_refused("variance_upper_gy2", [=](PlanStart& plan) { plan.levels[0].variance_upper_gy2 = bad; });
    expect_start_refused("levels[0].tolerance", [=](PlanStart& plan) { plan.levels[0].tolerance = bad; });
    expect_start_refused("weight_ceiling", [=](PlanStart& plan) { plan.weight_ceiling = bad; });
    expect_start_refused("weight_steepness", [=](PlanStart& plan) { plan.weight_steepness = bad; });
  }
  expect_start_refused("beams[0].gantry_deg", [](PlanStart& plan) { plan.beams[0].gantry_deg = kNan; });
  expect_start_refused("beams[0].couch_deg", [](PlanStart& plan) { plan.beams[0].couch_deg = -kInfinity; });
}

TEST_F(InvalidInput, CountsThatDoNotAgree) {
  expect_start_refused("structures", [](PlanStart& plan) { plan.structures.clear(); });
  expect_start_refused("beams", [](PlanStart& plan) { plan.beams.clear(); });
  expect_start_refused("levels", [](PlanStart& plan) { plan.levels.clear(); });
  expect_start_refused("levels[1].level", [](PlanStart& plan) { plan.levels[1].level = 2; });
  expect_start_refused("levels[0].beamlet_count", [](PlanStart& plan) { plan.beams[0].columns = 5; });
  expect_start_refused("beams[0]", [](PlanStart& plan) { plan.beams[0].rows = 0; });
  expect_start_refused("structures[1].name", [](PlanStart& plan) { plan.structures.push_back(plan.structures[0]); });
  expect_start_refused("structures[0].name", [](PlanStart& plan) { plan.structures[0].name.clear(); });
  expect_start_refused("structures[0].bit", [](PlanStart& plan) { plan.structures[0].bit = 16; });
  expect_start_refused("prescription[1].dose_gy", [](PlanStart& plan) {
    plan.structures[0].prescription = {{2.0, 1.0}, {1.0, 0.5}};
  });
}

TEST_F(InvalidInput, AnotherSolverWithoutAName) {
  expect_start_refused("solver_name", [](PlanStart& plan) { plan.solver = SolverKind::kOther; });
  expect_start_refused("solver_name", [](PlanStart& plan) { plan.solver_name = "a\nb"; });
}

TEST_F(InvalidInput, NumbersThatMeanNothing) {
  for (int number : {-1, 0, 99}) {
    expect_start_refused("solver", [=](PlanStart& plan) { plan.solver = static_cast<SolverKind>(number); });
    expect_start_refused("structures[0].role",
                         [=](PlanStart& plan) { plan.structures[0].role = static_cast<StructureRole>(number); });
    expect_start_refused("accepts[6]", [=](PlanStart& plan) { plan.accepts.push_back(static_cast<Role>(number)); });
    expect_start_refused("offers[2]", [=](PlanStart& plan) { plan.offers.push_back(static_cast<TensorKind>(number)); });
    expect_question_refused("stop_reason", [=](Session& session) {
      LevelEnd end;
      end.stop_reason = static_cast<StopReason>(number);
      session.tell_level_end(end);
    });
    expect_question_refused("stop_reason", [=](Session& session) {
      PlanFinish finish;
      finish.stop_reason = static_cast<StopReason>(number);
      EXPECT_EQ(session.finish(finish).code, StatusCode::kInvalidInput);
    });
    expect_question_refused(
        "role", [=](Session& session) { session.report(static_cast<Role>(number), Verdict::kAccepted, 0); });
    expect_question_refused(
        "verdict", [=](Session& session) { session.report(Role::kInitialization, static_cast<Verdict>(number), 0); });
  }
}

TEST_F(InvalidInput, Options) {
  const auto refusal = [&](auto spoil) {
    SessionOptions options = options_for(advisor_);
    spoil(options);
    return Session::open(options, small_plan())->status();
  };
  EXPECT_EQ(refusal([](SessionOptions& o) { o.address.clear(); }).code, StatusCode::kInvalidInput);
  EXPECT_EQ(refusal([](SessionOptions& o) { o.address = std::string("a\0b", 3); }).code, StatusCode::kInvalidInput);
  EXPECT_EQ(refusal([](SessionOptions& o) { o.mode = static_cast<AdviceMode>(3); }).code, StatusCode::kInvalidInput);
  EXPECT_EQ(refusal([](SessionOptions& o) { o.wait_share = kNan; }).code, StatusCode::kInvalidInput);
  EXPECT_EQ(refusal([](SessionOptions& o) { o.wait_share = -1.0; }).code, StatusCode::kInvalidInput);
  EXPECT_TRUE(refusal([](SessionOptions& o) { o.message_limit_bytes = -1; }).ok());
}

TEST_F(InvalidInput, Geometry) {
  const auto refuse = [&](const std::string& field, StructureGeometry structure) {
    expect_question_refused(field, [&](Session& session) {
      dh_advisor::Geometry geometry;
      geometry.structures = {structure};
      session.ask_geometry(geometry);
    });
  };
  refuse("structures[0].structure", {1, 1.0, 0.0, 0.0});
  refuse("structures[0].sphericity", {0, kNan, 0.0, 0.0});
  refuse("dose_gradient_gy_per_mm", {0, 1.0, kInfinity, 0.0});
  refuse("target_distance_mm", {0, 1.0, 0.0, kInfinity});
  expect_question_refused("structures[1].structure", [&](Session& session) {
    dh_advisor::Geometry geometry;
    geometry.structures.resize(2);
    session.ask_geometry(geometry);
  });
}

TEST_F(InvalidInput, LevelStarts) {
  const auto refuse = [&](const std::string& field, auto spoil) {
    expect_question_refused(field, [&](Session& session) {
      LevelStart start = level_zero();
      spoil(start);
      EXPECT_FALSE(session.ask_level(start).initial_weights.has_value());
    });
  };
  refuse("level start: level", [](LevelStart& s) { s.level = 2; });
  refuse("beamlet_count", [](LevelStart& s) { s.beamlet_count = 5; });
  refuse("histogram_sigma_gy", [](LevelStart& s) { s.histogram_sigma_gy = kNan; });
  refuse("variance_upper_gy2", [](LevelStart& s) { s.variance_upper_gy2 = 1.0; });
  refuse("objective", [](LevelStart& s) { s.objective = kInfinity; });
}

TEST_F(InvalidInput, Iterations) {
  const auto refuse = [&](const std::string& field, auto spoil) {
    expect_question_refused(field, [&](Session& session) {
      Iteration iteration = iteration_number(0);
      spoil(iteration);
      session.post_iteration(iteration);
      EXPECT_FALSE(session.take_iteration().stop.has_value());
    });
  };
  refuse("iteration: objective", [](Iteration& i) { i.objective = kNan; });
  refuse("gradient_norm", [](Iteration& i) { i.gradient_norm = kInfinity; });
  refuse("step_length", [](Iteration& i) { i.step_length = kNan; });
  refuse("elapsed_ms", [](Iteration& i) { i.elapsed_ms = -kInfinity; });
}

TEST_F(InvalidInput, Tensors) {
  const auto refuse = [&](const std::string& field, TensorView tensor) {
    expect_question_refused(field, [&](Session& session) {
      Iteration iteration = iteration_number(0);
      iteration.tensors = {tensor};
      session.ask_iteration(iteration);
    });
  };
  std::vector<double> spoilt = numbers_;
  spoilt[2] = kNan;
  refuse("tensors[0].data is null", {TensorKind::kGradient, nullptr, {4}});
  refuse("tensors[0].shape (3)", {TensorKind::kGradient, numbers_.data(), {3}});
  refuse("tensors[0].shape ()", {TensorKind::kGradient, numbers_.data(), {}});
  refuse("tensors[0].shape (4, 1)", {TensorKind::kGradient, numbers_.data(), {4, 1}});
  refuse("tensors[0].shape (4294967295, 4294967295)", {TensorKind::kGradient, numbers_.data(), {~0U, ~0U}});
  refuse("tensors[0].shape (4)", {TensorKind::kStructureMeanDose, numbers_.data(), {4}});
  refuse("tensors[0].shape (4, 99)", {TensorKind::kPathDensity, numbers_.data(), {4, 99}});
  refuse("tensors[0].kind", {TensorKind::kCt, numbers_.data(), {4}});
  refuse("tensors[0].kind", {static_cast<TensorKind>(0), numbers_.data(), {4}});
  refuse("tensors[0] is not finite at 2", {TensorKind::kGradient, spoilt.data(), {4}});
  expect_question_refused("tensors[1].kind", [&](Session& session) {
    Iteration iteration = iteration_number(0);
    iteration.tensors.assign(2, {TensorKind::kGradient, numbers_.data(), {4}});
    session.ask_iteration(iteration);
  });
}

TEST_F(InvalidInput, GoodByes) {
  const auto refuse = [&](const std::string& field, auto spoil) {
    expect_question_refused(field, [&](Session& session) {
      PlanFinish finish;
      finish.metrics.push_back({0, "D95", 60.0, "Gy"});
      spoil(finish);
      EXPECT_EQ(session.finish(finish).code, StatusCode::kInvalidInput);
    });
  };
  refuse("call_equivalents", [](PlanFinish& f) { f.call_equivalents = kNan; });
  refuse("optimization_ms", [](PlanFinish& f) { f.optimization_ms = -1.0; });
  refuse("reference_objective", [](PlanFinish& f) { f.reference_objective = kInfinity; });
  refuse("metrics[0].structure", [](PlanFinish& f) { f.metrics[0].structure = 1; });
  refuse("metrics[0].name", [](PlanFinish& f) { f.metrics[0].name = "D\xff"; });
  refuse("metrics[0].unit", [](PlanFinish& f) { f.metrics[0].unit = "Gy\t"; });
  refuse("metrics[0].value", [](PlanFinish& f) { f.metrics[0].value = kNan; });
  refuse("curves[0].structure", [](PlanFinish& f) { f.curves = {{1, {}}}; });
  refuse("curves[0].points", [](PlanFinish& f) { f.curves = {{0, std::vector<DoseVolumePoint>(202)}}; });
  refuse("curves[0].points", [](PlanFinish& f) { f.curves = {{0, {{1.0, 1.0}, {0.5, 1.0}}}}; });
  refuse("curves[0].points", [](PlanFinish& f) { f.curves = {{0, {{1.0, kNan}}}}; });
  refuse("slices[0]", [](PlanFinish& f) { f.slices = {{Plane::kAxial, 257, 1, std::vector<float>(257), 1.0, 1.0}}; });
  refuse("slices[0].dose_gy", [](PlanFinish& f) { f.slices = {{Plane::kAxial, 2, 2, {1.0F}, 1.0, 1.0}}; });
  refuse("slices[1].plane", [](PlanFinish& f) { f.slices.assign(2, {Plane::kAxial, 1, 1, {1.0F}, 1.0, 1.0}); });
  refuse("unadvised.reference_objective", [](PlanFinish& f) { f.unadvised = {kNan, 1.0, {}, {}}; });
  refuse("unadvised.curves[0].structure", [](PlanFinish& f) { f.unadvised = {1.0, 1.0, {}, {{1, {}}}}; });
  refuse("final_weights", [](PlanFinish& f) { f.final_weights = {1.0}; });
  refuse("final_weights", [](PlanFinish& f) { f.final_weights = {1.0, kNan, 1.0, 1.0}; });
}

TEST_F(InvalidInput, AMessageLargerThanTheLimit) {
  PlanStart plan = small_plan();
  plan.beams[0].columns = plan.levels[0].beamlet_count = 10000;
  SessionOptions options = options_for(advisor_);
  options.message_limit_bytes = 64 << 10;
  auto session = Session::open(options, plan);
  LevelStart start = level_zero();
  start.beamlet_count = 10000;
  const std::vector<double> norms(10000, 1.0);
  start.tensors = {{TensorKind::kColumnNorm, norms.data(), {10000}}};
  session->ask_level(start);
  expect_refused(*session, "message_limit_bytes");
}

TEST_F(InvalidInput, TheHostSeesAnEndAndNoPlanThatWasBrokenOff) {
  auto session = open(small_plan());
  Iteration iteration = iteration_number(0);
  iteration.objective = kNan;
  session->ask_iteration(iteration);
  ASSERT_FALSE(session->is_live());
  EXPECT_TRUE(advisor_.was_closed_well()) << "while the optimizer goes on";
}

}  // namespace
}  // namespace dh_advisor::testing
