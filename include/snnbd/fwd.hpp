#pragma once

#include <snnbd/core/shape.hpp>

/// Names without definitions, for headers that only mention them.
namespace snnbd::inline SNNBD_ISA {

class Error;
class NetworkView;
struct Settings;
template <class Scalar, Shape Input, class... Specs>
class BasicNetwork;

namespace data {
class Cifar10;
class DatasetView;
class Mnist;
struct CropAndFlip;
struct NoAugmentation;
}  // namespace data

namespace layer {
template <class... Specs>
struct Sequence;
template <class Branch, class Shortcut>
struct Residual;
}  // namespace layer

namespace poison {
struct Ledger;
}  // namespace poison

namespace report {
struct Cell;
struct Report;
}  // namespace report

}  // namespace snnbd::inline SNNBD_ISA
