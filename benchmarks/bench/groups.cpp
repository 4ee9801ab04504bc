// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "groups.hpp"

#include "text.hpp"

#include <algorithm>

namespace recokit_bench {

// Settings are those that suit the synthetic sets; the point is to run the code, not to win.
const std::vector<model_group>& model_groups() {
  static const std::vector<model_group> groups{
      {"smoke",
       "a model of each kind on a tiny set; seconds",
       "users=300,items=150,mean_interactions=20",
       {"popularity", "item_knn:neighbors=20", "ease:regularization=50",
        "ials:factors=8,epochs=4,unobserved_weight=0.5", "bpr:factors=8,epochs=10"}},
      {"small",
       "every model that ranks, on the built-in set; under a minute",
       "users=2000,items=1000",
       {"popularity", "item_knn", "user_knn", "p3alpha", "rp3beta", "association_rules", "ease",
        "sparse_ease:neighbors=100", "slim",
        "ials:factors=16,regularization=0.03,unobserved_weight=0.5", "pure_svd:factors=16",
        "nmf:factors=16,epochs=50", "bpr:factors=16,learning_rate=0.2", "warp:factors=16",
        "logistic:factors=16"}},
      {"full",
       "the same on a set of a million interactions; minutes",
       "users=20000,items=5000,mean_interactions=50",
       {"popularity", "item_knn", "user_knn", "p3alpha", "rp3beta", "association_rules", "ease",
        "sparse_ease", "slim", "ials:factors=64,regularization=0.01,unobserved_weight=0.3",
        "pure_svd", "nmf", "bpr:epochs=50,learning_rate=0.1,samples=2", "warp", "logistic"}},
  };
  return groups;
}

const model_group& find_group(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& group : model_groups()) {
    if (group.name == name) return group;
    names.push_back(group.name);
  }
  throw unknown_word("group", name, names);
}

}  // namespace recokit_bench
