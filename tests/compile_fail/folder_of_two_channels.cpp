// expect: snnbd: images of a folder have 1 channel (grey) or 3 (red, green, blue)
#include <snnbd/data/image_folder.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Set = data::ImageFolder<Shape{4, 4, 3}, 2>;
#else
using Set = data::ImageFolder<Shape{4, 4, 2}, 2>;
#endif

Set load() {
  return Set{data::Part::train, "folder"};
}
