#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/policy.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/twin.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/neuron/neuron.hpp>

/// Each policy, and each member of it spoilt: a member that is added must be named here.
namespace snnbd_tests {

/// Stands for a value of any type.
struct Anything {
  template <class Type>
  operator Type() const;  // NOLINT(google-explicit-constructor): never called
};

}  // namespace snnbd_tests

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double endless = std::numeric_limits<double>::infinity();

/// How many members, bases among them, an aggregate has.
template <class Type, class... Some>
constexpr std::size_t count_members() {
  if constexpr (requires { Type{Some{}..., snnbd_tests::Anything{}}; })
    return count_members<Type, Some..., snnbd_tests::Anything>();
  else
    return sizeof...(Some);
}

/// What takes a policy: neurons are checked by the layer that they stand in.
template <class Policy>
void checked(const Policy& policy) {
  if constexpr (neuron::NeuronModel<Policy>)
    layer::Spiking<Policy>{policy}.check();
  else
    check_policy(policy);
}

/// Goes through the members of a policy.
template <class Policy>
class Spoilt {
 public:
  explicit Spoilt(std::size_t bases = 0) : named_{bases} { CHECK_NOTHROW(checked(Policy{})); }
  ~Spoilt() { CHECK(named_ == count_members<Policy>()); }
  Spoilt(const Spoilt&) = delete;
  Spoilt& operator=(const Spoilt&) = delete;

  /// Each of these values is refused, and the error begins with the setting's name.
  template <class Base, class Member>
  Spoilt& refuses(Member Base::*member, const std::string& name,
                  std::initializer_list<double> values) {
    ++named_;
    for (const double value : values) {
      Policy policy{};
      policy.*member = static_cast<Member>(value);
      CAPTURE(name, value);
      CHECK_THROWS_WITH(checked(policy), Catch::StartsWith(name + ": expected "));
    }
    return *this;
  }

  /// No value of it is out of range.
  template <class Base, class Member>
  Spoilt& takes_any(Member Base::* /*member*/) {
    static_assert(std::is_integral_v<Member> || std::is_enum_v<Member> ||
                  std::is_same_v<Member, std::optional<std::uint64_t>>);
    ++named_;
    return *this;
  }

  /// A policy within a policy, spoilt at a member of its own.
  template <class Base, class Inner, class Member>
  Spoilt& refuses_in(Inner Base::*inner, Member Inner::*member, const std::string& name) {
    ++named_;
    Policy policy{};
    policy.*inner.*member = static_cast<Member>(no_number);
    CHECK_THROWS_WITH(checked(policy), Catch::StartsWith(name + ": expected "));
    return *this;
  }
  /// One without members.
  template <class Base, class Inner>
  Spoilt& holds(Inner Base::* /*inner*/) {
    static_assert(std::is_empty_v<Inner>);
    ++named_;
    return *this;
  }

 private:
  std::size_t named_;
};

const std::initializer_list<double> not_positive{0.0, -1.0, no_number, endless, -endless};
const std::initializer_list<double> negative{-1e-3, -1.0, no_number, endless, -endless};
const std::initializer_list<double> not_finite{no_number, endless, -endless};
const std::initializer_list<double> no_share{-0.001, 1.001, 5.0, no_number, endless, -endless};
const std::initializer_list<double> no_part{-0.001, 1.0, 5.0, no_number, endless, -endless};

template <class Neuron>
void check_neuron(Spoilt<Neuron>& spoilt) {
  const std::string name{Neuron::name};
  spoilt.refuses(&Neuron::threshold, name + " threshold", not_positive)
      .takes_any(&Neuron::normalize_by_threshold)
      .refuses_in(&Neuron::reset, &neuron::HardReset::value, "hard reset value")
      .refuses_in(&Neuron::surrogate, &neuron::Triangle::width, "triangle width");
}

constexpr Shape shape{4, 4, 1};
using Set = data::Blobs<shape, 2>;
using Net = Network<shape, layer::Dense<6>, layer::Spiking<neuron::Lif<>>, layer::Dropout,
                    layer::Dense<2>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("Surrogates refuse each member out of range", "[learn]") {
  using namespace neuron;
  Spoilt<Rectangular>{}.refuses(&Rectangular::width, "rectangular width", not_positive);
  Spoilt<Polynomial>{}.refuses(&Polynomial::a, "polynomial a", not_positive);
  Spoilt<Sigmoid>{}.refuses(&Sigmoid::steepness, "sigmoid steepness", not_positive);
  Spoilt<GaussianCdf>{}.refuses(&GaussianCdf::variance, "gaussian_cdf variance", not_positive);
  Spoilt<Arctangent>{}.refuses(&Arctangent::steepness, "arctangent steepness", not_positive);
  Spoilt<FastSigmoid>{}.refuses(&FastSigmoid::steepness, "fast_sigmoid steepness", not_positive);
  Spoilt<Triangle>{}
      .refuses(&Triangle::height, "triangle height", not_positive)
      .refuses(&Triangle::width, "triangle width", not_positive);
  Spoilt<PiecewiseExponential>{}.refuses(&PiecewiseExponential::steepness,
                                         "piecewise_exponential steepness", not_positive);
  Spoilt<SoftSign>{}.refuses(&SoftSign::steepness, "soft_sign steepness", not_positive);
  Spoilt<SuperSpike>{}
      .refuses(&SuperSpike::height, "super_spike height", not_positive)
      .refuses(&SuperSpike::steepness, "super_spike steepness", not_positive);
  Spoilt<QPseudoSpike>{}.refuses(&QPseudoSpike::alpha, "q_pseudo_spike alpha",
                                 {1.0, 0.5, -2.0, no_number, endless, -endless});
  Spoilt<PiecewiseLeakyRelu>{}
      .refuses(&PiecewiseLeakyRelu::width, "piecewise_leaky_relu width", not_positive)
      .refuses(&PiecewiseLeakyRelu::leak, "piecewise_leaky_relu leak", negative);
  Spoilt<S2nn>{}
      .refuses(&S2nn::steepness, "s2nn steepness", not_positive)
      .refuses(&S2nn::height, "s2nn height", not_positive);
  Spoilt<NonzeroSignLogAbs>{}.refuses(&NonzeroSignLogAbs::steepness,
                                      "nonzero_sign_log_abs steepness", not_positive);
  Spoilt<SpikeTiming>{}
      .refuses(&SpikeTiming::alpha, "spike_timing alpha", not_positive)
      .refuses(&SpikeTiming::beta, "spike_timing beta", negative)
      .refuses(&SpikeTiming::first_age, "spike_timing first_age",
               {0.0, 0.99, -1.0, no_number, endless, -endless});
}

TEST_CASE("Resets and neurons refuse each member out of range, those of their parts too",
          "[learn]") {
  using namespace neuron;
  Spoilt<HardReset>{}
      .refuses(&HardReset::value, "hard reset value", not_finite)
      .takes_any(&HardReset::detached);
  Spoilt<SoftReset>{}.takes_any(&SoftReset::detached);

  using Plain = If<HardReset, Triangle>;
  Spoilt<Plain> plain;
  check_neuron(plain);
  using Decaying = Lif<HardReset, Triangle>;
  Spoilt<Decaying> decaying;
  check_neuron(decaying);
  decaying.refuses(&Decaying::tau, "lif tau", {0.5, 1.0, -2.0, no_number, endless})
      .takes_any(&Decaying::decay_input);
  using Trained = Plif<HardReset, Triangle>;
  Spoilt<Trained> trained;
  check_neuron(trained);
  trained.refuses(&Trained::tau, "plif tau", {0.5, 1.0, -2.0, no_number, endless})
      .takes_any(&Trained::decay_input)
      .refuses(&Trained::rate, "plif rate", {1.5, no_number, endless});
  using Hybrid = Leaky<HardReset, Triangle>;
  Spoilt<Hybrid> hybrid;
  check_neuron(hybrid);
  hybrid.refuses(&Hybrid::decay, "leaky decay", no_share);
  for (const double wrong : no_share) {
    Diet<HardReset, Triangle> diet;
    diet.decay = static_cast<float>(wrong);
    CHECK_THROWS_WITH(checked(diet), Catch::StartsWith("diet decay: expected "));
  }
}

TEST_CASE("A neuron whose reset leaves it at its threshold is refused", "[learn]") {
  layer::Spiking<neuron::If<>> spec;
  spec.neuron.reset.value = 1.0F;
  CHECK_THROWS_WITH(spec.check(), Contains("if reset: expected a resting value below"));
  spec.neuron.reset.value = 0.9F;
  CHECK_NOTHROW(spec.check());
}

TEST_CASE("Layers refuse each member out of range", "[learn]") {
  using Norm = layer::BatchNorm<>;
  Spoilt<Norm>{}
      .refuses(&Norm::momentum, "batch norm momentum", no_share)
      .refuses(&Norm::epsilon, "batch norm epsilon", not_positive)
      .refuses(&Norm::alpha, "batch norm alpha", not_positive)
      .refuses(&Norm::theta, "batch norm theta", not_positive);
  Spoilt<layer::Dropout>{}.refuses(&layer::Dropout::rate, "dropout rate", no_part);
  Spoilt<layer::SpikeRate>{}.refuses(&layer::SpikeRate::factor, "spike rate factor", not_positive);
  Spoilt<layer::AccumulatedMembrane>{}.takes_any(&layer::AccumulatedMembrane::divide_by_steps);
  using Neurons = layer::Spiking<neuron::Lif<>>;
  Spoilt<Neurons>{}
      .refuses_in(&Neurons::neuron, &neuron::Lif<>::tau, "lif tau")
      .refuses(&Neurons::amplitude, "amplitude of spikes", not_positive)
      .refuses(&Neurons::start, "start of the membranes", not_finite);
}

TEST_CASE("Losses, optimizers, schedules and objectives refuse each member out of range",
          "[learn]") {
  using namespace learn;
  Spoilt<Tet>{}
      .refuses(&Tet::share, "TET share", no_share)
      .refuses(&Tet::level, "TET level", not_finite);
  const std::initializer_list<double> no_rate{-0.1, 1e6, no_number, endless};
  Spoilt<Sgd>{}
      .refuses(&Sgd::rate, "learning rate", no_rate)
      .refuses(&Sgd::momentum, "momentum", no_part)
      .refuses(&Sgd::weight_decay, "weight decay", no_rate)
      .takes_any(&Sgd::nesterov);
  const auto check_adam = [&]<class Rule>(Rule /*rule*/) {
    Spoilt<Rule>{}
        .refuses(&Rule::rate, "learning rate", no_rate)
        .refuses(&Rule::beta1, "beta1", no_part)
        .refuses(&Rule::beta2, "beta2", no_part)
        .refuses(&Rule::epsilon, "epsilon", {0.0, -1e-9, 1.0, no_number, endless})
        .refuses(&Rule::weight_decay, "weight decay", no_rate);
  };
  check_adam(Adam{});
  check_adam(AdamW{});
  Spoilt<Cosine>{}.refuses(&Cosine::floor, "cosine floor", no_share);
  Spoilt<Step>{}
      .refuses(&Step::period, "step period", not_positive)
      .refuses(&Step::gamma, "step gamma", {0.0, -0.1, 1.1, no_number, endless});

  const auto objective = [](double alpha, double beta) {
    Objective::balanced(alpha, beta).check();
  };
  for (const double wrong : negative) {
    CHECK_THROWS_WITH(objective(wrong, 0.5), Contains("objective alpha: "));
    CHECK_THROWS_WITH(objective(0.5, wrong), Contains("objective beta: "));
  }
  CHECK_THROWS_WITH(objective(0.0, 0.0), Contains("one above 0"));
  CHECK_NOTHROW(objective(0.0, 1.0));
  CHECK_NOTHROW(Objective::mixture().check());
}

TEST_CASE("Normalizers refuse each member out of range", "[learn]") {
  using namespace learn;
  const std::initializer_list<double> no_percentile{0.0,   -1.0,      0.999,  1.0,
                                                    100.1, no_number, endless};
  Spoilt<ScaledMax>{}.refuses(&ScaledMax::factor, "factor of scaled_max", not_positive);
  Spoilt<MovingMaxNorm>{}
      .refuses(&MovingMaxNorm::momentum, "momentum of moving_max_norm", no_share)
      .refuses(&MovingMaxNorm::factor, "factor of moving_max_norm", not_positive);
  Spoilt<RobustNorm>{}
      .refuses(&RobustNorm::percentile, "percentile of robust_norm", no_percentile)
      .takes_any(&RobustNorm::positive);
  Spoilt<MovingRobustNorm>{}
      .refuses(&MovingRobustNorm::percentile, "percentile of moving_robust_norm", no_percentile)
      .refuses(&MovingRobustNorm::momentum, "momentum of moving_robust_norm", no_share)
      .takes_any(&MovingRobustNorm::positive);
  Spoilt<MmseNorm>{}
      .refuses(&MmseNorm::timesteps, "timesteps of mmse_norm", {0.0, -3.0})
      .refuses(&MmseNorm::start, "start of mmse_norm", no_part);
  Spoilt<ModelNorm>{}
      .refuses(&ModelNorm::lowest, "lowest of model_norm", not_finite)
      .refuses(&ModelNorm::largest, "largest of model_norm", not_finite);
  CHECK_THROWS_WITH((ModelNorm{1.0F, 0.5F}.check()), Contains("above the lowest"));
  Spoilt<SpikeNorm>{}
      .refuses(&SpikeNorm::timesteps, "timesteps of spike_norm", {0.0, -3.0})
      .refuses(&SpikeNorm::percentile, "percentile of spike_norm", no_percentile)
      .takes_any(&SpikeNorm::memory);
  Spoilt<LocalThresholdBalancing>{}.refuses(&LocalThresholdBalancing::start,
                                            "start of local_threshold_balancing", no_part);

  using Calibrated = BiasCalibrated<MovingMaxNorm>;
  Spoilt<Calibrated>{1}.refuses(&Calibrated::steps, "steps of bias_calibrated", {0.0, -1.0});
  const auto refuses_base = [](auto normalizer) {
    normalizer.momentum = 5.0;
    CHECK_THROWS_WITH(checked(normalizer), Contains("momentum of moving_max_norm"));
  };
  refuses_base(Calibrated{});
  refuses_base(HalfStart<MovingMaxNorm>{});
  refuses_base(PerChannel<MovingMaxNorm>{});
}

TEST_CASE("Encoders refuse each member out of range", "[learn]") {
  using namespace encode;
  Spoilt<Poisson>{}
      .takes_any(&Poisson::seed)
      .refuses(&Poisson::scale, "scale of the rates", negative);
  Spoilt<Latency>{}
      .takes_any(&Latency::form)
      .refuses(&Latency::threshold, "latency threshold", no_part)
      .refuses(&Latency::tau, "latency tau", not_positive);
  const Latency late{.form = Latency::Form::logarithmic};
  CHECK_THROWS_WITH(late.check(), Contains("for the logarithmic form"));
}

TEST_CASE("Rules of learning refuse each member out of range, those of their parts too",
          "[learn]") {
  using namespace learn;
  using Training = Bptt<Tet, Sgd, Cosine>;
  Spoilt<Training>{}
      .refuses_in(&Training::loss, &Tet::level, "TET level")
      .refuses_in(&Training::optimizer, &Sgd::rate, "learning rate")
      .refuses_in(&Training::schedule, &Cosine::floor, "cosine floor")
      .holds(&Training::augment);
  using Tuning = Stdb<SameStep, neuron::Triangle>;
  Tuning tuning;
  tuning.training.optimizer.rate = no_number;
  CHECK_THROWS_WITH(checked(tuning), Contains("learning rate"));
  Spoilt<Tuning>{1}
      .refuses(&Tuning::threshold_factor, "threshold factor", not_positive)
      .refuses(&Tuning::decay, "leaky decay", no_share)
      .refuses_in(&Tuning::surrogate, &neuron::Triangle::height, "triangle height");
}

TEST_CASE("Every way in refuses a network's settings out of range", "[learn]") {
  const Set set{20};
  const auto refused = [&](auto spoil, const std::string& name) {
    Net net;
    network::initialize(net, 1);
    spoil(net);
    CAPTURE(name);
    CHECK_THROWS_WITH(network::initialize(net, 1), Contains(name));
    CHECK_THROWS_WITH(view_of(net, encode::Direct{}, 4), Contains(name));
    const learn::TrainSettings settings{.epochs = 1};
    CHECK_THROWS_WITH((learn::Bptt<>{}.fit(net, encode::Direct{}, set, settings, {}, {})),
                      Contains(name));
    Pass<Net, Static<shape>> pass{{1, 2}, false};
    CHECK_THROWS_WITH(pass.forward(net, pass.input()), Contains(name));
  };
  refused([](Net& net) { net.layer<1>().neuron.threshold = 0.0F; }, "lif threshold");
  refused([](Net& net) { net.layer<1>().neuron.threshold = -1.0F; }, "lif threshold");
  refused([](Net& net) { net.layer<1>().neuron.tau = 0.5F; }, "lif tau");
  refused([](Net& net) { net.layer<1>().neuron.surrogate.steepness = -4.0F; }, "sigmoid steepness");
  refused([](Net& net) { net.layer<1>().amplitude = 0.0F; }, "amplitude of spikes");
  refused([](Net& net) { net.layer<2>().rate = 1.5F; }, "dropout rate");
}

TEST_CASE("Every way in refuses an encoder's and a rule's settings out of range", "[learn]") {
  const Set set{20};
  Net net;
  network::initialize(net, 1);
  CHECK_THROWS_WITH(view_of(net, encode::Poisson{.scale = -1.0F}, 4), Contains("scale of the"));
  const learn::TrainSettings settings{.epochs = 1};
  const encode::Latency wrong{.tau = -1.0F};
  CHECK_THROWS_WITH(learn::Bptt<>{}.fit(net, wrong, set, settings, {}, {}),
                    Contains("latency tau"));
  const auto fit = [&](auto rule) { rule.fit(net, encode::Direct{}, set, settings, {}, {}); };
  CHECK_THROWS_WITH(fit(learn::Bptt<learn::Tet>{.loss = {.share = 2.0}}), Contains("TET share"));
  CHECK_THROWS_WITH(fit(learn::Bptt<>{.schedule = {.floor = -1.0}}), Contains("cosine floor"));
  CHECK_THROWS_WITH(network::initialize(net, 1, network::Initialization::kaiming_normal, 0.0),
                    Contains("gain of the weights"));

  AnnTwin<Net> ann;
  network::initialize(ann, 1);
  CHECK_THROWS_WITH(
      learn::convert(ann, learn::MovingMaxNorm{.momentum = 5.0}, set, encode::Direct{}),
      Contains("momentum of moving_max_norm"));
  CHECK_THROWS_WITH(learn::convert(ann, learn::MaxNorm{}, set, wrong), Contains("latency tau"));
  learn::Conversion<learn::MaxNorm, learn::RobustNorm> conversion;
  std::get<1>(conversion.normalizers).percentile = 0.999;
  CHECK_THROWS_WITH(conversion.check<Net>(),
                    Contains("percentile of robust_norm: expected a number of percent above 1"));
}
