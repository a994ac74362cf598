#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "dh_advisor/session.h"
#include "run/run.h"

namespace rtmodel {

/// Whom an optimizer asks for advice. Mirrors dh_advisor::Session, so that a program may carry an advisor of its own.
/// Never throws; no advice is always an answer. One thread at a time.
class AdviceSource {
 public:
  virtual ~AdviceSource() = default;

  /// Introduces the plan; called once, before anything else.
  virtual void open(const dh_advisor::PlanStart& plan) = 0;

  /// False: nothing is asked and nothing prepared.
  virtual bool is_live() const = 0;
  /// Before a stage: whether it is live, after a try to go on where the connection broke.
  virtual bool resume() { return is_live(); }
  /// The connection broke on the way, whether or not the session went on.
  virtual bool was_interrupted() const { return false; }
  virtual bool is_served(dh_advisor::Role role) const = 0;
  /// A role that a plugin serves was switched off on the way: by an operator, or because it kept failing.
  virtual bool was_switched_off() const { return false; }
  /// Advice is asked for and never handed out, so that there is nothing to wait for.
  virtual bool is_shadow() const { return false; }
  /// Nothing will come of the role for this plan any more.
  virtual bool has_ended(dh_advisor::Role role) const = 0;
  /// A learned model answers for the role.
  virtual bool has_model(dh_advisor::Role role) const = 0;
  virtual bool wants(dh_advisor::TensorKind kind) const = 0;
  virtual bool wants(dh_advisor::TensorKind kind, std::uint32_t iteration) const = 0;

  virtual void send_volume(const dh_advisor::VolumeView& volume) = 0;
  virtual dh_advisor::GeometryAdvice ask_geometry(const dh_advisor::Geometry& geometry) = 0;
  virtual dh_advisor::LevelAdvice ask_level(const dh_advisor::LevelStart& start) = 0;
  /// The question of an iteration, and its answer, for which the optimizer need not stand still in between.
  virtual void post_iteration(const dh_advisor::Iteration& iteration) = 0;
  virtual dh_advisor::IterationAdvice take_iteration() = 0;
  virtual void tell_level_end(const dh_advisor::LevelEnd& end) = 0;
  virtual void finish(const dh_advisor::PlanFinish& finish) = 0;

  virtual void report(dh_advisor::Role role, dh_advisor::Verdict verdict, std::uint32_t level,
                      std::optional<std::uint32_t> iteration) = 0;

  /// Session, status, bindings and counters of the result; roles are counted by the optimizer.
  virtual AdviceResult describe() const = 0;
};

/// Nobody there.
class NoAdvice : public AdviceSource {
 public:
  void open(const dh_advisor::PlanStart&) override {}
  bool is_live() const override { return false; }
  bool is_served(dh_advisor::Role) const override { return false; }
  bool has_ended(dh_advisor::Role) const override { return false; }
  bool has_model(dh_advisor::Role) const override { return false; }
  bool wants(dh_advisor::TensorKind) const override { return false; }
  bool wants(dh_advisor::TensorKind, std::uint32_t) const override { return false; }
  void send_volume(const dh_advisor::VolumeView&) override {}
  dh_advisor::GeometryAdvice ask_geometry(const dh_advisor::Geometry&) override { return {}; }
  dh_advisor::LevelAdvice ask_level(const dh_advisor::LevelStart&) override { return {}; }
  void post_iteration(const dh_advisor::Iteration&) override {}
  dh_advisor::IterationAdvice take_iteration() override { return {}; }
  void tell_level_end(const dh_advisor::LevelEnd&) override {}
  void finish(const dh_advisor::PlanFinish&) override {}
  void report(dh_advisor::Role, dh_advisor::Verdict, std::uint32_t, std::optional<std::uint32_t>) override {}
  AdviceResult describe() const override { return {}; }
};

/// The advisor's host over a session.
class SessionAdvice final : public AdviceSource {
 public:
  explicit SessionAdvice(dh_advisor::SessionOptions options) : options_(std::move(options)) {}

  void open(const dh_advisor::PlanStart& plan) override;
  bool is_live() const override;
  bool resume() override;
  bool was_interrupted() const override;
  bool was_switched_off() const override;
  bool is_shadow() const override;
  bool is_served(dh_advisor::Role role) const override;
  bool has_ended(dh_advisor::Role role) const override;
  bool has_model(dh_advisor::Role role) const override;
  bool wants(dh_advisor::TensorKind kind) const override;
  bool wants(dh_advisor::TensorKind kind, std::uint32_t iteration) const override;
  void send_volume(const dh_advisor::VolumeView& volume) override;
  dh_advisor::GeometryAdvice ask_geometry(const dh_advisor::Geometry& geometry) override;
  dh_advisor::LevelAdvice ask_level(const dh_advisor::LevelStart& start) override;
  void post_iteration(const dh_advisor::Iteration& iteration) override;
  dh_advisor::IterationAdvice take_iteration() override;
  void tell_level_end(const dh_advisor::LevelEnd& end) override;
  void finish(const dh_advisor::PlanFinish& finish) override;
  void report(dh_advisor::Role role, dh_advisor::Verdict verdict, std::uint32_t level,
              std::optional<std::uint32_t> iteration) override;
  AdviceResult describe() const override;

 private:
  dh_advisor::SessionOptions options_;
  std::unique_ptr<dh_advisor::Session> session_;
};

}  // namespace rtmodel
