// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include <recokit/kernels/cuda_als_engine.hpp>

#include "kernels/als_device.hpp"
#include "kernels/row_plan.hpp"
#include "runtime/exchange.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace recokit::inline RECOKIT_ABI::kernels {

namespace ck = cuda_kernels;
using detail_als::als_device;
using detail_als::als_shares;
using detail_als::no_row;

/// The devices that share a fit. Each solves consecutive rows of a side, then all get all rows.
class cuda_als_state {
 public:
  cuda_als_state(const cuda& policy, const csr_view<>& by_user, const csr_view<>& by_item,
                 int width)
      : by_user_(by_user), by_item_(by_item) {
    if (policy.devices < 1) {
      throw value_error("cuda.devices", std::to_string(policy.devices), "must be at least 1");
    }
    const auto count = static_cast<std::size_t>(policy.devices);
    const auto users = ck::share_rows(by_user.offsets(), count);
    const auto items = ck::share_rows(by_item.offsets(), count);
    for (std::size_t n = 0; n < count; ++n) {
      cuda one = policy;
      one.devices = 1;
      one.device += static_cast<int>(n);
      if (n > 0) one.context = nullptr;
      devices_.push_back(std::make_unique<als_device>(one, by_user, by_item, width,
                                                      als_shares{users[n], items[n]}));
    }
  }

  als_device& first() { return *devices_.front(); }
  const als_device& first() const { return *devices_.front(); }

  void upload(factor_side side, const row_major_matrix<float>& rows) {
    for (auto& device : devices_) device->upload(side, rows);
  }
  void turn(factor_side side, const row_major_matrix<float>& axes) {
    for (auto& device : devices_) device->turn(side, axes);
  }
  template <class... Terms>
  void solve(factor_side solved, const Terms&... terms) {
    for (auto& device : devices_) device->begin(solved, terms...);
    // In turn, so that all have work.
    for (bool more = true; more;) {
      more = false;
      for (auto& device : devices_) more = device->advance(solved) || more;
    }
    std::uint32_t failed = no_row;
    for (auto& device : devices_) failed = std::min(failed, device->finish());
    if (failed != no_row) {
      const csr_view<>& matrix = solved == factor_side::users ? by_user_ : by_item_;
      throw_singular_row(failed, matrix.row(failed).size());
    }
    if (devices_.size() > 1) exchange(solved);
  }

 private:
  void exchange(factor_side solved) {
    std::vector<ck::shared_array> arrays;
    std::vector<int> ordinals;
    bool on_devices = true;
    for (auto& device : devices_) {
      arrays.push_back(device->shared(solved));
      ordinals.push_back(arrays.back().device);
      on_devices = on_devices && !arrays.back().on_host;
    }
    auto& way = on_devices ? between_devices_ : by_copies_;
    if (!way) way = on_devices ? ck::make_device_exchange(ordinals) : ck::make_copying_exchange();
    way->run(arrays);
  }

  csr_view<> by_user_;
  csr_view<> by_item_;
  std::vector<std::unique_ptr<als_device>> devices_;
  // Made when first needed; before what they use goes.
  std::unique_ptr<ck::array_exchange> between_devices_;
  std::unique_ptr<ck::array_exchange> by_copies_;  ///< where factors are on the host
};

cuda_als_engine::cuda_als_engine(const cuda& policy, const csr_view<>& by_user,
                                 const csr_view<>& by_item, int width)
    : state_(std::make_unique<cuda_als_state>(policy, by_user, by_item, width)) {}
cuda_als_engine::~cuda_als_engine() = default;

void cuda_als_engine::upload(factor_side side, const row_major_matrix<float>& rows) {
  state_->upload(side, rows);
}
void cuda_als_engine::download(factor_side side, row_major_matrix<float>& rows) {
  state_->first().download(side, rows);
}
row_major_matrix<float> cuda_als_engine::gram(factor_side side, float scale,
                                              std::span<const float> weights) {
  return state_->first().gram(side, scale, weights);
}
void cuda_als_engine::turn(factor_side side, const row_major_matrix<float>& axes) {
  state_->turn(side, axes);
}
bool cuda_als_engine::wants_axes(factor_side solved, const row_method& method) const {
  return state_->first().wants_axes(solved, method);
}
void cuda_als_engine::solve(factor_side solved, const cuda_row_terms& terms,
                            const row_method& method) {
  state_->solve(solved, terms, method);
}
void cuda_als_engine::solve(factor_side solved, const als_side<float>& ratings) {
  state_->solve(solved, ratings);
}

}  // namespace recokit::inline RECOKIT_ABI::kernels
