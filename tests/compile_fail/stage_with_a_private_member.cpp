// expect: snnbd: a part of an experiment is an aggregate, without constructors or private members
#include "study.hpp"

#if defined(SNNBD_FIXED)
struct Look {
  static constexpr std::string_view name = "look";
  int samples = 3;
  void inspect(const auto& /*model*/, stage::Context& /*context*/) const {}
};
#else
class Look {
 public:
  static constexpr std::string_view name = "look";
  void inspect(const auto& /*model*/, stage::Context& /*context*/) const {}

 private:
  [[maybe_unused]] int samples_ = 3;
};
#endif

int main() {
  run<Experiment<Dirty, encode::Direct, Net, learn::Bptt<>, Look>>({}, report::Console{});
}
