// expect: snnbd: a stage of an experiment has inspect(model, context), or repair(model, context)
#include "study.hpp"

#if defined(SNNBD_FIXED)
struct Look {
  static constexpr std::string_view name = "look";
  void inspect(const auto& /*model*/, stage::Context& /*context*/) const {}
};
#else
struct Look {
  static constexpr std::string_view name = "look";
  void look(const auto& /*model*/, stage::Context& /*context*/) const {}
};
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Net, learn::Bptt<>, Look>>({}, report::Console{});
}
