// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "runtime/exchange.hpp"

#include "runtime/handles.hpp"
#include "runtime/transfer.hpp"

namespace recokit::cuda_kernels {
namespace {

class copying_exchange final : public array_exchange {
 public:
  void run(std::span<const shared_array> arrays) override {
    std::vector<std::unique_ptr<event>> made;
    for (const shared_array& from : arrays) {
      const current_device here(from.device);
      made.push_back(std::make_unique<event>());
      made.back()->record(from.stream);
    }
    for (const shared_array& to : arrays) {
      const current_device here(to.device);
      for (std::size_t n = 0; n < arrays.size(); ++n) {
        const shared_array& from = arrays[n];
        if (from.data == to.data) continue;
        made[n]->hold(to.stream);
        start_copy(to.data + from.begin, from.data + from.begin, from.size, to.stream);
      }
    }
    for (const shared_array& each : arrays) {
      const current_device here(each.device);
      wait_for(each.stream);
    }
  }
};

}  // namespace

std::unique_ptr<array_exchange> make_copying_exchange() {
  return std::make_unique<copying_exchange>();
}

}  // namespace recokit::cuda_kernels
