// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/target.hpp"

#include "kernels/multiply.hpp"
#include "kernels/philox_fill.hpp"
#include "runtime/check.hpp"
#include "runtime/handles.hpp"
#include "runtime/memory.hpp"
#include "runtime/transfer.hpp"
#include "timed_runs.hpp"

#include <cstddef>
#include <cstdint>

namespace recokit_benchmark {
namespace {

/// A cudaEvent_t that tells the time, which those of runtime/transfer.hpp do not.
class instant {
 public:
  instant() { RECOKIT_CUDA_CHECK(cudaEventCreate(&handle_)); }
  ~instant() { static_cast<void>(cudaEventDestroy(handle_)); }
  instant(const instant&) = delete;
  instant& operator=(const instant&) = delete;

  void record(ck::stream_t stream) { RECOKIT_CUDA_CHECK(cudaEventRecord(handle_, stream)); }
  double seconds_since(const instant& begin) const {
    RECOKIT_CUDA_CHECK(cudaEventSynchronize(handle_));
    float milliseconds = 0;
    RECOKIT_CUDA_CHECK(cudaEventElapsedTime(&milliseconds, begin.handle_, handle_));
    return 1e-3 * static_cast<double>(milliseconds);
  }

 private:
  cudaEvent_t handle_ = nullptr;
};

/// The median of ten runs, after one that is not counted.
double median_seconds(ck::stream_t stream, const std::function<void()>& launch) {
  launch();
  std::vector<double> seconds;
  for (int round = 0; round < 10; ++round) seconds.push_back(seconds_of(stream, launch));
  return median(seconds);
}

double copied_bytes_a_second(ck::stream_t stream) {
  constexpr std::size_t bytes = std::size_t{2} << 30;
  const ck::device_buffer<unsigned char> from(bytes);
  ck::device_buffer<unsigned char> to(bytes);
  const double seconds =
      median_seconds(stream, [&] { ck::start_copy(to.data(), from.data(), bytes, stream); });
  return 2 * static_cast<double>(bytes) / seconds;
}

/// cuBLAS may not round operands here: no tf32.
double multiplied_operations_a_second(ck::stream_t stream) {
  constexpr std::int64_t n = 8192;
  constexpr auto size = static_cast<std::size_t>(n * n);
  ck::device_buffer<float> a(size);
  ck::device_buffer<float> b(size);
  ck::device_buffer<float> c(size);
  // What is multiplied moves the clock of a card: not zeros.
  ck::philox_fill(a.data(), n, n, {.seed = 1, .purpose = 1}, stream);
  ck::philox_fill(b.data(), n, n, {.seed = 2, .purpose = 1}, stream);
  const struct handle {
    handle() : blas(ck::make_blas()) {}
    ~handle() { ck::destroy_blas(blas); }
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    ck::blas_t blas;
  } own;
  ck::set_stream(own.blas, stream);
  const double seconds = median_seconds(stream, [&] {
    ck::multiply(own.blas, n, n, n, 1, {a.data(), ck::storage::fp32, n},
                 {b.data(), ck::storage::fp32, n}, c.data(), n, false);
  });
  return 2.0 * n * n * n / seconds;
}

}  // namespace

bool tiny() { return false; }

void launch_each(const std::vector<std::string>& /*kernels*/, const std::function<void()>& launch) {
  launch();
}

double seconds_of(ck::stream_t stream, const std::function<void()>& launch) {
  instant begin;
  instant end;
  begin.record(stream);
  launch();
  end.record(stream);
  return end.seconds_since(begin);
}

const std::optional<card_ceilings>& ceilings(ck::stream_t stream) {
  static const std::optional<card_ceilings> measured =
      card_ceilings{copied_bytes_a_second(stream), multiplied_operations_a_second(stream)};
  return measured;
}

}  // namespace recokit_benchmark
