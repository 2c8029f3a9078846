#include <clocale>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <locale>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/optimizer.hpp>
#include <snnbd/learn/training/train_state.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../../core/temporary_file.hpp"

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::TemporaryFile;

template <class Surrogate = neuron::Sigmoid>
using Tiny = Network<Shape{1, 1, 2}, layer::Dense<1>,
                     layer::Spiking<neuron::Lif<neuron::SoftReset, Surrogate>>, layer::SpikeRate>;
using State = learn::Sgd::State<float>;

const std::vector<learn::EpochRecord> two_epochs{{0, 1.0 / 3, 50.0, 0.1}, {1, 1e-300, 62.5, 2e10}};

/// All that a file gives back.
template <class Net>
std::string everything(const Net& net, State& state,
                       const std::vector<learn::EpochRecord>& epochs) {
  std::string text = network::layer_key(net.layers()).text();
  for (const float value : net.parameters()) text += value_text(value) + ' ';
  for (const auto buffer : state.buffers())
    for (const float value : buffer) text += value_text(value) + ' ';
  return text + value_text(state.steps) + '\n' + learn::detail::format_epochs(epochs);
}

struct Trained {
  Tiny<> net;
  State state{2};
  Trained() {
    net.parameters()[0] = 0.1F;
    net.layer<1>().neuron.threshold = 0.3F;
    net.layer<1>().neuron.tau = 8.0F;
    state.buffers()[0][1] = -0.7F;
    state.steps = 12;
  }
  void save(const std::string& path, const Key& key = {}) {
    learn::save_train_state(path, net, state, two_epochs, key);
  }
};

struct Comma : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\1"; }
};

}  // namespace

TEST_CASE("A state of training comes back with all members of the layers", "[learn]") {
  const TemporaryFile file;
  Trained trained;
  const Key key = Key{}.add("seed", 1);
  trained.save(file.path, key);
  Tiny<> net;
  State state{2};
  const auto epochs = learn::load_train_state(file.path, net, state, key);
  CHECK(everything(net, state, epochs) == everything(trained.net, trained.state, two_epochs));
  CHECK(net.layer<1>().neuron.tau == 8.0F);
  // It is a network's file too.
  Tiny<> loaded;
  network::load(file.path, loaded);
  CHECK(loaded.layer<1>().neuron.threshold == 0.3F);
  CHECK(learn::load_train_state(file.path + ".none", net, state, key).empty());
}

TEST_CASE("A state of another run or network is refused and changes nothing", "[learn]") {
  const TemporaryFile file;
  Trained trained;
  trained.save(file.path, Key{}.add("seed", 1).add("rate", 0.1));
  const auto refusal = [&]<class Net>(Net net, State state, const Key& key) {
    const std::string before = everything(net, state, {});
    std::string sentence = "accepted";
    try {
      learn::load_train_state(file.path, net, state, key);
    } catch (const Error& error) {
      sentence = error.what();
      CHECK(everything(net, state, {}) == before);
    }
    return sentence;
  };
  const Key key = Key{}.add("seed", 1).add("rate", 0.1);
  CHECK(refusal(Tiny<>{}, State{2}, key) == "accepted");
  CHECK_THAT(refusal(Tiny<>{}, State{2}, Key{}.add("seed", 2).add("rate", 0.1)),
             Contains("found one of another (seed: expected 2, found 1)"));
  CHECK_THAT(refusal(Tiny<>{}, State{2}, {}), Contains("seed: expected nothing, found 1"));
  CHECK_THAT(refusal(Tiny<neuron::Triangle>{}, State{2}, key),
             Contains("layer 1.neuron.surrogate: expected Triangle, found 'Sigmoid'"));
  CHECK_THAT(refusal(Tiny<>{}, State{3}, key), Contains("the buffers of the same optimizer"));
}

TEST_CASE("Numbers of a state are read to the last character", "[learn]") {
  const auto epochs = [](const std::string& text) {
    try {
      learn::detail::parse_epochs(text, "file");
    } catch (const Error& error) {
      CHECK_THAT(error.what(), Contains("file: expected a list of finished epochs"));
      return false;
    }
    return true;
  };
  CHECK(epochs(learn::detail::format_epochs(two_epochs)));
  CHECK(epochs(""));
  for (const char* wrong : {"0 1 2 3",
                            "0 1 2\n",
                            "0 1 2 3 4\n",
                            "0 1 2 3 \n",
                            " 0 1 2 3\n",
                            "0  1 2 3\n",
                            "1 1 2 3\n",
                            "-1 1 2 3\n",
                            "0 nan 2 3\n",
                            "0 inf 2 3\n",
                            "0 1 101 3\n",
                            "0 1 -1 3\n",
                            "0 1 nan 3\n",
                            "0 1 2 -3\n",
                            "0 1 2 inf\n",
                            "0 1e999 2 3\n",
                            "0 1,5 2 3\n",
                            "0 0x1p0 2 3\n",
                            "0 +1 2 3\n",
                            "0 1 2 3\n0 1 2 3\n",
                            "0 1 2 3\n2 1 2 3\n",
                            "\n",
                            "0 1 2 3x\n",
                            "4294967296 1 2 3\n"})
    CHECK_FALSE(epochs(wrong));
  CHECK(learn::detail::parse_count("12", "file") == 12);
  for (const char* wrong : {"", "-1", "1 ", " 1", "1.0", "0x1", "99999999999999999999", "+1"})
    CHECK_THROWS_WITH(learn::detail::parse_count(wrong, "file"), Contains("a number of steps"));
}

TEST_CASE("Every bit of a state's file that changes the state is noticed", "[learn]") {
  const TemporaryFile file;
  Trained trained;
  const Key key = Key{}.add("seed", 1);
  trained.save(file.path, key);
  const std::string bytes = file.read();
  const std::string expected = everything(trained.net, trained.state, two_epochs);
  const auto content = safetensors::read(file.path);
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
      try {
        const auto found = safetensors::decode(std::as_bytes(std::span{damaged}), "damaged");
        CHECK(found.tensors == content.tensors);
        CHECK(found.metadata == content.metadata);
        // What passes must also load to the same.
        file.write(damaged);
        Tiny<> net;
        State state{2};
        const auto epochs = learn::load_train_state(file.path, net, state, key);
        CHECK(everything(net, state, epochs) == expected);
        ++accepted;
      } catch (const Error&) {
      }
    }
  CHECK(accepted <= 8);
}

TEST_CASE("Files of training do not depend on the locale", "[learn]") {
  const TemporaryFile file;
  Trained trained;
  trained.save(file.path);
  const std::string bytes = file.read();
  const std::locale before = std::locale::global(std::locale{std::locale{}, new Comma});
  const std::string c_before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr)
    WARN("de_DE.UTF-8 is not installed: tested with C++'s locale only");
  trained.save(file.path);
  const std::string again = file.read();
  Tiny<> net;
  State state{2};
  const auto epochs = learn::load_train_state(file.path, net, state);
  std::setlocale(LC_ALL, c_before.c_str());
  std::locale::global(before);
  CHECK(again == bytes);
  CHECK(everything(net, state, epochs) == everything(trained.net, trained.state, two_epochs));
}
