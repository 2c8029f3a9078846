#pragma once

#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include <snnbd/kernels/linear/geometry.hpp>

namespace bench {

/// Which layouts oneDNN finds.
enum class Layouts {
  ours,  ///< ours, and the time to reorder weights counts, as our own packing does
  own    ///< whatever it likes best for all, and nothing is reordered
};

/// oneDNN's convolution, or inner product if the kernel is 1 x 1, of one geometry: forward, or back
/// to the inputs.
class OneDnn {
 public:
  /// Values in our layouts: [frame, height, width, channel] and [kernel_y, kernel_x, in, out].
  struct Data {
    float* source = nullptr;
    float* weights = nullptr;
    float* result = nullptr;
  };

  OneDnn(const snnbd::kernels::ConvGeometry& geometry, snnbd::Index frames, bool back,
         Layouts layouts, const Data& data)
      : sizes_{geometry, frames}, back_{back}, layouts_{layouts} {
    const Plan plan = sizes_.convolves ? plan_convolution() : plan_product();
    const memory::desc source = back_ ? sizes_.outputs(false) : sizes_.inputs(false);
    const memory::desc result = back_ ? sizes_.inputs(false) : sizes_.outputs(false);
    our_weights_ = memory{sizes_.weights(false), engine_, data.weights};
    our_result_ = memory{result, engine_, data.result};
    weights_ = placed(plan.weights, our_weights_);
    result_ = placed(plan.result, our_result_);
    const memory our_source{source, engine_, data.source};
    const memory own_source = placed(plan.source, our_source);
    reorder(our_source, own_source);
    reorder(our_weights_, weights_);
    primitive_ = plan.primitive;
    arguments_ = {{back_ ? DNNL_ARG_DIFF_DST : DNNL_ARG_SRC, own_source},
                  {DNNL_ARG_WEIGHTS, weights_},
                  {back_ ? DNNL_ARG_DIFF_SRC : DNNL_ARG_DST, result_}};
  }

  /// What is to be timed.
  void run() {
    if (layouts_ == Layouts::ours) reorder(our_weights_, weights_);
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

  /// Brings the result to where the caller wants it.
  void finish() { reorder(result_, our_result_); }

 private:
  using memory = dnnl::memory;
  using Tag = memory::format_tag;

  struct Sizes {
    bool convolves;
    memory::dims in;
    memory::dims out;
    memory::dims kernel;

    Sizes(const snnbd::kernels::ConvGeometry& geometry, snnbd::Index frames)
        : convolves{geometry.kernel_height > 1} {
      if (convolves) {
        in = {frames, geometry.in.channels, geometry.in.height, geometry.in.width};
        out = {frames, geometry.out.channels, geometry.out.height, geometry.out.width};
        kernel = {geometry.out.channels, geometry.in.channels, geometry.kernel_height,
                  geometry.kernel_width};
      } else {
        in = {frames, geometry.in.channels};
        out = {frames, geometry.out.channels};
        kernel = {geometry.out.channels, geometry.in.channels};
      }
    }

    [[nodiscard]] memory::desc inputs(bool any) const { return values(in, any); }
    [[nodiscard]] memory::desc outputs(bool any) const { return values(out, any); }
    [[nodiscard]] memory::desc weights(bool any) const {
      return {kernel, memory::data_type::f32, any ? Tag::any : convolves ? Tag::hwio : Tag::io};
    }

   private:
    [[nodiscard]] memory::desc values(const memory::dims& dims, bool any) const {
      return {dims, memory::data_type::f32, any ? Tag::any : convolves ? Tag::nhwc : Tag::nc};
    }
  };

  struct Plan {
    dnnl::primitive primitive;
    memory::desc source;
    memory::desc weights;
    memory::desc result;
  };

  [[nodiscard]] Plan plan_convolution() const {
    using Forward = dnnl::convolution_forward;
    using Backward = dnnl::convolution_backward_data;
    const bool any = layouts_ == Layouts::own;
    const memory::dims one{1, 1};
    const auto algorithm = dnnl::algorithm::convolution_auto;
    const auto kind =
        back_ ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const Forward::primitive_desc forward{
        {kind, algorithm, sizes_.inputs(any), sizes_.weights(true), sizes_.outputs(any), one, one,
         one},
        engine_};
    if (!back_)
      return {Forward{forward}, forward.src_desc(), forward.weights_desc(), forward.dst_desc()};
    const Backward::primitive_desc backward{
        {algorithm, sizes_.inputs(any), sizes_.weights(true), sizes_.outputs(any), one, one, one},
        engine_,
        forward};
    return {Backward{backward}, backward.diff_dst_desc(), backward.weights_desc(),
            backward.diff_src_desc()};
  }

  [[nodiscard]] Plan plan_product() const {
    using Forward = dnnl::inner_product_forward;
    using Backward = dnnl::inner_product_backward_data;
    const bool any = layouts_ == Layouts::own;
    const auto kind =
        back_ ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const Forward::primitive_desc forward{
        {kind, sizes_.inputs(any), sizes_.weights(true), sizes_.outputs(any)}, engine_};
    if (!back_)
      return {Forward{forward}, forward.src_desc(), forward.weights_desc(), forward.dst_desc()};
    const Backward::primitive_desc backward{
        {sizes_.inputs(any), sizes_.weights(true), sizes_.outputs(any)}, engine_, forward};
    return {Backward{backward}, backward.diff_dst_desc(), backward.weights_desc(),
            backward.diff_src_desc()};
  }

  /// `ours` if its layout is the one that is wanted, else other memory.
  [[nodiscard]] memory placed(const memory::desc& wanted, const memory& ours) const {
    return wanted == ours.get_desc() ? ours : memory{wanted, engine_};
  }

  void reorder(memory from, memory to) {
    if (from.get() == to.get()) return;
    dnnl::reorder{from, to}.execute(stream_, from, to);
    stream_.wait();
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  Sizes sizes_;
  bool back_;
  Layouts layouts_;
  memory our_weights_;
  memory our_result_;
  memory weights_;
  memory result_;
  dnnl::primitive primitive_;
  std::unordered_map<int, memory> arguments_;
};

}  // namespace bench
