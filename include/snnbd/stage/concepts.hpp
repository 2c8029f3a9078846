#pragma once

#include <concepts>
#include <string_view>

#include <snnbd/core/config.hpp>
#include <snnbd/stage/context.hpp>
#include <snnbd/stage/detection.hpp>
#include <snnbd/stage/repairing.hpp>

/// What an experiment does with each model that its rule comes to.
namespace snnbd::inline SNNBD_ISA::stage {

/// Keeps nothing from one model to the next.
struct NoMemory {};

namespace detail {
template <class Stage>
struct MemoryOf {
  using type = NoMemory;
};
template <class Stage>
requires requires {
  typename Stage::Memory;
}
struct MemoryOf<Stage> {
  using type = typename Stage::Memory;
};
template <class Stage>
requires needs_reference<Stage>
struct MemoryOf<Stage> {
  using type = ReferenceMemory;
};
}  // namespace detail

/// The memory that a stage keeps from one model of an experiment to the next: its type `Memory`, if
/// it has one.
template <class Stage>
using MemoryOf = typename detail::MemoryOf<Stage>::type;

/// A stage that looks at models: `inspect(model, context)` adds what it finds to `context.cells`.
/// `model` is a `learn::Model`. A stage with a type `Memory` gets one as a third argument, the same
/// for all models of an experiment.
template <class Stage, class Model>
concept Inspects = requires(const Stage& stage, const Model& model, Context& context,
                            MemoryOf<Stage>& memory) {
  stage.inspect(model, context, memory);
}
|| requires(const Stage& stage, const Model& model, Context& context) {
  stage.inspect(model, context);
};

/// A stage that repairs models: `repair(model, context)` gives a network of any type, which all
/// inspecting stages then look at. It is not repaired again.
template <class Stage, class Model>
concept RepairsModels = requires(const Stage& stage, const Model& model, Context& context) {
  stage.repair(model, context);
};

/// A stage that repairs models by itself, or a `defend::Repair`.
template <class Stage, class Model>
concept Repairs = RepairsModels<Stage, Model> || defend::Repair<Stage, SubjectOf<Model>>;

/// Lets a stage look at a model, if it is one that does, or a detector.
template <class Stage, class Model>
void inspect(const Stage& stage, const Model& model, Context& context, MemoryOf<Stage>& memory) {
  static_assert(std::convertible_to<decltype(Stage::name), std::string_view>,
                "snnbd: a stage of an experiment has a name");
  static_assert(Inspects<Stage, Model> || Repairs<Stage, Model> || defend::Detector<Stage>,
                "snnbd: a stage of an experiment has inspect(model, context), or "
                "repair(model, context), see stage/concepts.hpp");
  if constexpr (requires { stage.inspect(model, context, memory); })
    stage.inspect(model, context, memory);
  else if constexpr (requires { stage.inspect(model, context); })
    stage.inspect(model, context);
  else if constexpr (defend::Detector<Stage>)
    inspect_with(stage, model, context, memory);
}

/// The network that a stage makes of a model.
template <class Stage, class Model>
[[nodiscard]] auto repair(const Stage& stage, const Model& model, Context& context) {
  if constexpr (RepairsModels<Stage, Model>)
    return stage.repair(model, context);
  else
    return repair_with(stage, model, context);
}

}  // namespace snnbd::inline SNNBD_ISA::stage
