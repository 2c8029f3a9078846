#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/learn/training/train_settings.hpp>

using namespace snnbd;
using Catch::Contains;
using learn::TrainSettings;

TEST_CASE("Quantities of a training are taken up to the ends of their ranges", "[learn]") {
  CHECK_NOTHROW(TrainSettings{}.check());
  CHECK_NOTHROW((TrainSettings{.epochs = 0, .batch_size = 1, .timesteps = 1}.check()));
  CHECK_NOTHROW((TrainSettings{.batch_size = 1048576, .timesteps = 65536}.check()));
  CHECK_THROWS_WITH(TrainSettings{.epochs = -1}.check(),
                    Contains("epochs: expected at least 0, found -1"));
  for (const Index size : {0, 1048577})
    CHECK_THROWS_WITH(TrainSettings{.batch_size = size}.check(),
                      Contains("batch size: expected from 1 to 1048576"));
  for (const Index steps : {0, 65537})
    CHECK_THROWS_WITH(TrainSettings{.timesteps = steps}.check(),
                      Contains("timesteps: expected from 1 to 65536"));
}

TEST_CASE("Frames say how many steps there are, unless others were asked for", "[learn]") {
  const TrainSettings usual{};
  CHECK(usual.steps_of<encode::Direct>("set", 1) == TrainSettings::usual_timesteps);
  CHECK(usual.steps_of<encode::Frames>("set", 7) == 7);
  const TrainSettings asked{.timesteps = 6};
  CHECK(asked.steps_of<encode::Direct>("set", 1) == 6);
  CHECK(asked.steps_of<encode::Frames>("set", 6) == 6);
  CHECK_THROWS_AS(asked.steps_of<encode::Frames>("set", 7), Error);
  CHECK_THROWS_AS(usual.steps_of<encode::Direct>("set", 7), Error);
}
