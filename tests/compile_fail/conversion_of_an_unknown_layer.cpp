// expect: snnbd: conversion does not know this layer; see network::converts
#include <snnbd/network/twin.hpp>

using namespace snnbd;

struct Copy : layer::Dropout {};
#if defined(SNNBD_FIXED)
template <>
inline constexpr bool snnbd::network::converts<Copy> = true;
#endif

using Ann = Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::Relu, Copy, layer::Dense<2>>;

int main() {
  return Converted<Ann>::parameter_count == Ann::parameter_count ? 0 : 1;
}
