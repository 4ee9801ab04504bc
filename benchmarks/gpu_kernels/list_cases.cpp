// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "gpu_kernels/inputs.hpp"
#include "gpu_kernels/kernel_case.hpp"
#include "kernels/list_values.hpp"

#include <recokit/core/random.hpp>
#include <recokit/metrics/ranking.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace recokit_benchmark {
namespace {

namespace pass = recokit::ranking_pass;

/// A plan whose lists are on the device.
class device_plan {
 public:
  device_plan(const pass::plan_view& host, ck::stream_t stream) : stream_(stream), view_(host) {
    place(cuts_, view_.cuts);
    place(steps_, view_.steps);
    place(dcgs_, view_.dcgs);
    for (int d = 0; d < 2; ++d) {
      const auto size = static_cast<std::size_t>(host.discounts[d].size);
      view_.discounts[d].discount = keep({host.discounts[d].discount, size});
      view_.discounts[d].prefix = keep({host.discounts[d].prefix, size});
    }
  }
  const pass::plan_view& view() const noexcept { return view_; }

 private:
  template <class T>
  void place(std::vector<ck::device_buffer<T>>& kept, pass::plan_list<T>& list) {
    kept.emplace_back(std::span<const T>(list.data, list.size), stream_);
    list.data = kept.back().data();
  }
  const double* keep(std::span<const double> host) {
    return numbers_.emplace_back(host, stream_).data();
  }

  ck::stream_t stream_;
  pass::plan_view view_;
  std::vector<ck::device_buffer<std::int64_t>> cuts_;
  std::vector<ck::device_buffer<pass::rank_step>> steps_;
  std::vector<ck::device_buffer<pass::dcg_sum>> dcgs_;
  std::vector<ck::device_buffer<double>> numbers_;
};

/// What is known of all users: lists of `depth` different items, and their interactions as what
/// was to be found.
struct list_inputs {
  explicit list_inputs(ck::stream_t on)
      : stream(on),
        evaluator({recokit::precision(10), recokit::recall(20), recokit::ndcg(20)},
                  by_user().cols()),
        metrics(evaluator.metrics().size()),
        plan(evaluator.pass(), on),
        users(by_user().rows()),
        depth(std::min<std::int64_t>(20, by_user().cols())),
        listed(made_lists()),
        judged(by_user().view(), on),
        device_listed(put(listed, on)),
        offsets(put(list_offsets(), on)),
        hits(listed.size()),
        at_cut(count(2 * evaluator.pass().cuts.size)),
        numbers(count(pass::space_view::doubles(evaluator.pass()))),
        ideal_counts(count(evaluator.pass().dcgs.size)),
        values(count(metrics)),
        weights(count(metrics)),
        counted(count(1)),
        refused(put(std::vector<std::uint32_t>{none}, on)) {
    // The plan that is uploaded has no RBP, ERR or grades.
    expect(evaluator.pass().rbps.size == 0 && evaluator.pass().err_grades.size == 0 &&
               !evaluator.pass().graded,
           "the plan has more than binary metrics");
  }

  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  std::size_t count(std::size_t each) const { return static_cast<std::size_t>(users) * each; }
  /// Items a fixed way apart from a random begin, so that none comes twice.
  std::vector<ck::listed_item> made_lists() const {
    std::vector<ck::listed_item> lists;
    recokit::random_stream random(3, recokit::random_purpose::user);
    const std::int64_t items = by_user().cols();
    for (std::int64_t u = 0; u < users; ++u) {
      const auto first = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(items)));
      for (std::int64_t n = 0; n < depth; ++n) {
        const std::int64_t item = (first + n * (items / depth)) % items;
        lists.push_back({static_cast<std::int32_t>(item), 1 / static_cast<float>(n + 1)});
      }
    }
    return lists;
  }
  std::vector<std::int64_t> list_offsets() const {
    std::vector<std::int64_t> made;
    for (std::int64_t u = 0; u <= users; ++u) made.push_back(u * depth);
    return made;
  }

  void launch() {
    ck::list_values(plan.view(), {true, true, false, false},
                    {static_cast<std::uint32_t>(users), device_listed.data(), offsets.data(),
                     reinterpret_cast<const std::int32_t*>(judged.indices.data()),
                     judged.offsets.data(), nullptr},
                    {hits.data(), nullptr, at_cut.data(), numbers.data(), ideal_counts.data(),
                     values.data(), weights.data(), counted.data(), refused.data()},
                    stream);
  }
  /// The three metrics from their definitions.
  void check() const {
    expect(refused.to_host(stream)[0] == none, "a list is refused");
    for (const std::int64_t u : some_of(users, 200)) {
      const auto wanted = by_user().row(static_cast<recokit::index_t>(u)).indices;
      if (wanted.empty()) continue;
      double first_ten = 0;
      double all = 0;
      double gain = 0;
      double ideal = 0;
      for (std::int64_t n = 0; n < depth; ++n) {
        const double discount = 1 / std::log2(static_cast<double>(n + 2));
        if (n < static_cast<std::int64_t>(wanted.size())) ideal += discount;
        const std::int32_t item = listed[static_cast<std::size_t>(u * depth + n)].item;
        if (std::find(wanted.begin(), wanted.end(), item) == wanted.end()) continue;
        all += 1;
        first_ten += n < 10 ? 1 : 0;
        gain += discount;
      }
      const auto m = static_cast<std::int64_t>(metrics);
      const auto found = fetch(values.data(), u * m, m, stream);
      const std::string name = " of user " + std::to_string(u);
      expect_near(found[0], first_ten / 10, 1e-12, "precision@10" + name);
      expect_near(found[1], all / static_cast<double>(wanted.size()), 1e-12, "recall@20" + name);
      expect_near(found[2], gain / ideal, 1e-12, "ndcg@20" + name);
    }
  }

  ck::stream_t stream;
  recokit::ranking_evaluator evaluator;
  std::size_t metrics;
  device_plan plan;
  std::int64_t users;
  std::int64_t depth;
  std::vector<ck::listed_item> listed;
  device_matrix judged;
  ck::device_buffer<ck::listed_item> device_listed;
  ck::device_buffer<std::int64_t> offsets;
  ck::device_buffer<pass::rank_hit> hits;
  ck::device_buffer<pass::rank_counts> at_cut;
  ck::device_buffer<double> numbers;
  ck::device_buffer<std::int64_t> ideal_counts;
  ck::device_buffer<double> values;
  ck::device_buffer<double> weights;
  ck::device_buffer<unsigned char> counted;
  ck::device_buffer<std::uint32_t> refused;
};

/// Bytes: of a list its items and scores, of a user the offsets, a value and a weight a metric, and
/// the ids that binary searches read. Operations: those searches, and a comparison for each pair of
/// places.
kernel_case values(ck::stream_t stream) {
  const auto in = std::make_shared<list_inputs>(stream);
  double looks = 0;
  for (recokit::index_t u = 0; u < by_user().rows(); ++u) {
    const auto wanted = static_cast<double>(by_user().row(u).size());
    looks += static_cast<double>(in->depth) * std::ceil(std::log2(wanted + 1));
  }
  const auto users = static_cast<double>(in->users);
  const auto depth = static_cast<double>(in->depth);
  return {{users * (8 * depth + 17 + 16 * static_cast<double>(in->metrics)) + 4 * looks,
           looks + users * depth * depth / 2},
          [in] { in->launch(); },
          [in] { in->check(); }};
}

}  // namespace

void add_list_cases(case_list& cases) { cases.push_back({"list_values/20", values}); }

}  // namespace recokit_benchmark
