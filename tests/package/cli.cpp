#include <snnbd/interop/cli.hpp>

int main(int argc, char** argv) {
  bool called = false;
  const int code =
      snnbd::interop::run_program(argc, argv, "consumer", "Shows that it links.", {{"quick", {}}},
                                  [&](const snnbd::Settings&) { called = true; });
  return called ? code : 3;
}
