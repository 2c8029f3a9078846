#include "../core/failures.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/format/safetensors.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialize.hpp>

using namespace snnbd;
using snnbd_tests::Attempt;
using snnbd_tests::check_reader;
using snnbd_tests::check_writer;
using snnbd_tests::Folder;

namespace {

using Small = Network<Shape{2, 2, 1}, layer::Dense<3>,
                      layer::Spiking<neuron::If<neuron::SoftReset, neuron::Arctangent>>,
                      layer::Dense<2, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;

Small made(std::uint64_t seed) {
  Small net;
  network::initialize(net, seed);
  return net;
}

std::vector<float> values_of(const Small& net) {
  return {net.parameters().begin(), net.parameters().end()};
}

}  // namespace

TEST_CASE("Whatever fails with tensors, the file is whole and what is read is right", "[network]") {
  const std::vector<float> values{1.0F, 2.0F, 3.0F};
  const std::vector<safetensors::TensorEntry> entries{
      safetensors::make_entry<float>("first", {3}, values),
      safetensors::make_entry<float>("second", {1, 3}, values)};
  check_writer([&](const std::string& path) {
    safetensors::write(path, entries, {{"note", "text"}});
  });
  const Folder folder;
  safetensors::write(folder.at("file"), entries, {{"note", "text"}});
  check_reader([&] { return safetensors::read(folder.at("file")).tensors; });
}

TEST_CASE("Whatever fails with a network, its file is whole and it is as it was or as read",
          "[network]") {
  const Small saved = made(1);
  check_writer([&](const std::string& path) { network::save(path, saved); });
  const Folder folder;
  const std::string path = folder.at("file");
  network::save(path, saved);
  const auto before = values_of(made(2));
  Small net = made(2);
  snnbd_tests::with_each_failure(
      [&] { net = made(2); }, [&] { network::load(path, net); },
      [&](const Attempt& last) {
        const auto found = values_of(net);
        // The file's or its own, and no mixture of them.
        REQUIRE((found == values_of(saved) || (last.refused && found == before)));
      });
}

TEST_CASE("Whatever fails with the state of a training run, it goes on from a whole one",
          "[network]") {
  const snnbd_tests::OneThread one_thread;
  const Folder folder;
  const std::string path = folder.at("state");
  const data::Blobs<Shape{2, 2, 1}, 2> set{8};
  const auto train = [&](bool stopped_after_an_epoch) {
    Small net = made(3);
    learn::Trainer<Small, encode::Direct, learn::CrossEntropy, learn::AdamW> trainer{
        net, {}, {}, {}, {}, {.epochs = 2, .batch_size = 4, .timesteps = 2, .checkpoint = path}};
    trainer.fit(set, {}, [&](const learn::TrainProgress& now) {
      if (now.epoch_done && stopped_after_an_epoch) learn::interrupt_requested().store(true);
    });
    learn::interrupt_requested().store(false);
    return values_of(net);
  };
  train(true);
  const std::string first = snnbd_tests::content_of(path);
  const auto expected = train(false);
  Attempt last{true, false, false};
  long number = 0;
  for (; last.fired; ++number) {
    std::ofstream{path, std::ios::binary} << first;
    // Reads the state behind the first epoch and writes that behind the second.
    last = snnbd_tests::attempt<snnbd_tests::FileFault>([&] { train(false); }, number, EIO);
    REQUIRE(folder.entries() == 1);
    if (last.refused && !last.renamed) REQUIRE(snnbd_tests::content_of(path) == first);
    REQUIRE(train(false) == expected);
  }
  CHECK(number > 10);
  CHECK_FALSE(last.refused);
}
