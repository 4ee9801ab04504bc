// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
/// @file
/// @brief The values that a search tries for the fields of a params struct.
#pragma once

#include <recokit/core/check.hpp>
#include <recokit/core/params.hpp>
#include <recokit/core/random.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace recokit::inline RECOKIT_ABI {
namespace detail {

template <class T>
concept search_integer = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept search_number = search_integer<T> || std::floating_point<T>;

/// A domain as text, cut into its words: "16|32", "log(1e-4,1)", "*".
struct domain_words {
  enum class form { choices, uniform, log_uniform, integers, all };
  form what = form::choices;
  std::vector<std::string> words;
};

/// @throws value_error naming `field`
domain_words parse_domain(std::string_view field, std::string_view text);

struct field_domain {
  std::string field;
  std::string domain;
};
/// Cuts "factors=16|32, regularization=log(1e-4,1e-1)" at the commas outside brackets.
/// @throws value_error
std::vector<field_domain> divide_space(std::string_view text);

// One value of a domain. All throw value_error naming the field.
double read_real(std::string_view field, const std::string& text);
std::int64_t read_integer(std::string_view field, const std::string& text, std::int64_t low,
                          std::int64_t high);
std::uint64_t read_unsigned(std::string_view field, const std::string& text, std::uint64_t high);
bool read_switch(std::string_view field, const std::string& text);
std::size_t read_word(std::string_view field, const std::string& text,
                      std::span<const std::string_view> known);
[[noreturn]] void throw_unknown_field(std::string_view field,
                                      std::span<const std::string_view> known);

// The text that the functions above read back.
std::string value_text(double value);
std::string value_text(float value);
std::string value_text(std::int64_t value);
std::string value_text(std::uint64_t value);

// Draws over both ends.
double draw_uniform(random_stream& stream, double low, double high);
double draw_log_uniform(random_stream& stream, double low, double high);
std::uint64_t draw_up_to(random_stream& stream, std::uint64_t last);

/// @throws value_error unless low < high, both finite and, when on_log_scale, above 0
void check_bounds(std::string_view field, double low, double high, bool on_log_scale);

template <class T>
std::string search_text(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(enum_names(value)[static_cast<std::size_t>(value)]);
  } else if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::floating_point<T>) {
    return value_text(value);
  } else if constexpr (std::is_signed_v<T>) {
    return value_text(static_cast<std::int64_t>(value));
  } else {
    return value_text(static_cast<std::uint64_t>(value));
  }
}

template <class T>
T read_search_value(std::string_view field, const std::string& text) {
  if constexpr (std::is_enum_v<T>) {
    const auto names = enum_names(T{});
    return static_cast<T>(read_word(field, text, names));
  } else if constexpr (std::same_as<T, bool>) {
    return read_switch(field, text);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(read_real(field, text));
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<T>(
        read_integer(field, text, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else {
    return static_cast<T>(read_unsigned(field, text, std::numeric_limits<T>::max()));
  }
}

}  // namespace detail

/// Which fields of a params struct a search varies, and over what.
///
///   search_space<ials::params>{}
///       .values(&ials::params::factors, {16, 32, 64})
///       .log_uniform(&ials::params::regularization, 1e-4, 1e-1)
///
/// or as text: search_space<ials::params>::from_text(
///     "factors=16|32|64, regularization=log(1e-4,1e-1)").
///
/// A field is named once, and must be in Params::fields(). Values and bounds must lie in its range;
/// a combination that only fit refuses becomes a failed trial.
/// All functions throw value_error that names the field.
template <params_struct Params>
class search_space {
 public:
  /// These values, in this order, each once.
  template <class T>
  search_space& values(T Params::*member, std::vector<std::type_identity_t<T>> list) {
    with(member, [&](const auto& f, std::size_t p) { add_choices(f, p, std::move(list)); });
    return *this;
  }

  /// Values of an enumeration or a switch; without a list, all of them.
  template <class T>
    requires(std::is_enum_v<T> || std::same_as<T, bool>)
  search_space& choice(T Params::*member, std::vector<std::type_identity_t<T>> list = all<T>()) {
    return values(member, std::move(list));
  }

  /// A real number in [low, high], all equally likely. Random search only.
  template <std::floating_point T>
  search_space& uniform(T Params::*member, std::type_identity_t<T> low,
                        std::type_identity_t<T> high) {
    with(member, [&](const auto& f, std::size_t p) { add_uniform(f, p, low, high); });
    return *this;
  }

  /// A number in [low, high] with a uniform logarithm; low is above 0. A whole number n comes with
  /// a probability proportional to log((n + 1) / n). Random search only.
  template <detail::search_number T>
  search_space& log_uniform(T Params::*member, std::type_identity_t<T> low,
                            std::type_identity_t<T> high) {
    with(member, [&](const auto& f, std::size_t p) { add_log_uniform(f, p, low, high); });
    return *this;
  }

  /// Every whole number from low to high.
  template <detail::search_integer T>
  search_space& integers(T Params::*member, std::type_identity_t<T> low,
                         std::type_identity_t<T> high) {
    with(member, [&](const auto& f, std::size_t p) { add_integers(f, p, low, high); });
    return *this;
  }

  /// A field by name and its domain as text: values "16|32|64", "uniform(0,1)", "log(1e-4,1e-1)",
  /// "integers(8,128)", or "*" for all values of an enumeration or a switch.
  search_space& add(std::string_view name, std::string_view domain) {
    std::vector<std::string_view> known;
    bool found = false;
    each_field([&](const auto& f, std::size_t position) {
      known.push_back(f.name);
      if (f.name != name) return;
      found = true;
      add_words(f, position, detail::parse_domain(name, domain));
    });
    if (!found) detail::throw_unknown_field(name, known);
    return *this;
  }

  /// "field=domain, field=domain"; see add.
  static search_space from_text(std::string_view text) {
    search_space space;
    for (const auto& [field, domain] : detail::divide_space(text)) space.add(field, domain);
    return space;
  }

  /// Number of fields.
  std::size_t size() const noexcept { return dimensions_.size(); }

  /// Whether a field is searched over.
  template <class T>
  bool has(T Params::*member) const {
    bool found = false;
    with(member, [&](const auto& f, std::size_t) {
      for (const auto& dimension : dimensions_) found |= dimension.name == f.name;
    });
    return found;
  }

  /// Combinations on a grid, 2^63 − 1 when they are more; 0 when a field is a range of reals or
  /// logarithmic.
  std::int64_t grid_size() const noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    std::uint64_t product = 1;
    for (const auto& dimension : dimensions_) {
      if (dimension.choices == 0) return 0;
      product = dimension.choices > most / product ? most : product * dimension.choices;
    }
    return static_cast<std::int64_t>(product);
  }

  /// Combination number `index` of the grid, written over `base`. The last field runs fastest, as
  /// in nested loops in the order of the fields.
  /// @throws value_error when a field has no grid or index is not in [0, grid_size())
  Params grid_point(std::int64_t index, Params base) const {
    for (const auto& dimension : dimensions_) {
      if (dimension.choices == 0) {
        throw value_error("space." + dimension.name, dimension.domain,
                          "a grid needs single values: list them, or take random_search");
      }
    }
    check::index_in("index", index, grid_size());
    auto rest = static_cast<std::uint64_t>(index);
    for (auto d = dimensions_.rbegin(); d != dimensions_.rend(); ++d) {
      d->choose(base, rest % d->choices);
      rest /= d->choices;
    }
    return base;
  }

  /// Writes draw number `attempt` of trial `trial` over `base`. Each field has its own stream,
  /// keyed by (seed, trial, place in Params::fields()): fields that come or go leave the others as
  /// they are.
  Params draw(std::uint64_t seed, int trial, int attempt, Params base) const {
    for (const auto& dimension : dimensions_) {
      const auto row = static_cast<std::uint64_t>(trial) << 32 | dimension.position << 16 |
                       static_cast<std::uint64_t>(attempt);
      random_stream stream(seed, random_purpose::search_draws, row);
      dimension.draw(base, stream);
    }
    return base;
  }

  /// The searched fields of `params`: "factors=32, regularization=0.01".
  std::string text(const Params& params) const {
    std::string words;
    for (const auto& dimension : dimensions_) {
      words += (words.empty() ? "" : ", ") + dimension.name + "=" + dimension.text(params);
    }
    return words;
  }

  /// The space as from_text reads it.
  std::string to_string() const {
    std::string words;
    for (const auto& dimension : dimensions_) {
      words += (words.empty() ? "" : ", ") + dimension.name + "=" + dimension.domain;
    }
    return words;
  }

 private:
  struct searched_field {
    std::string name;
    std::string domain;
    std::uint64_t position;     // in Params::fields()
    std::uint64_t choices = 0;  // on a grid; 0: a range
    std::function<void(Params&, std::uint64_t)> choose;
    std::function<void(Params&, random_stream&)> draw;
    std::function<std::string(const Params&)> text;
  };

  template <class T>
  static std::vector<T> all() {
    if constexpr (std::same_as<T, bool>) {
      return {false, true};
    } else {
      std::vector<T> list;
      for (std::size_t i = 0; i < enum_names(T{}).size(); ++i) list.push_back(static_cast<T>(i));
      return list;
    }
  }

  template <class Visit>
  static void each_field(const Visit& visit) {
    std::apply(
        [&](const auto&... f) {
          std::size_t position = 0;
          (visit(f, position++), ...);
        },
        Params::fields());
  }

  /// Calls visit(field, position) for the field of that member.
  template <class T, class Visit>
  static void with(T Params::*member, const Visit& visit) {
    bool found = false;
    each_field([&](const auto& f, std::size_t position) {
      if constexpr (std::same_as<decltype(f.member), T Params::*>) {
        if (f.member != member) return;
        found = true;
        visit(f, position);
      }
    });
    if (!found)
      throw value_error("member", "of params", "must be in the table of Params::fields()");
  }

  template <class T>
  static void check_value(const param_field<Params, T>& f, const T& value) {
    if constexpr (detail::search_number<T>) {
      check::in_range("space." + std::string(f.name), value, f.low, f.high);
    }
  }

  template <class T>
  searched_field& open(const param_field<Params, T>& f, std::size_t position, std::string domain) {
    for (const auto& other : dimensions_) {
      if (other.name == f.name) {
        throw value_error("space." + other.name, domain, "is there already as " + other.domain);
      }
    }
    searched_field& added = dimensions_.emplace_back();
    added.name = std::string(f.name);
    added.domain = std::move(domain);
    added.position = position;
    added.text = [member = f.member](const Params& p) { return detail::search_text(p.*member); };
    return added;
  }

  template <class T>
  void add_choices(const param_field<Params, T>& f, std::size_t position, std::vector<T> list) {
    const std::string name = "space." + std::string(f.name);
    if (list.empty()) throw value_error(name, "{}", "must list at least one value");
    std::string domain;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const T value = list[i];
      check_value(f, value);
      const std::string text = detail::search_text(value);
      if (std::find(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), value) !=
          list.begin() + static_cast<std::ptrdiff_t>(i)) {
        throw value_error(name, text, "is listed twice");
      }
      domain += (i == 0 ? "" : "|") + text;
    }
    auto& added = open(f, position, std::move(domain));
    added.choices = list.size();
    added.choose = [member = f.member, list](Params& p, std::uint64_t i) { p.*member = list[i]; };
    added.draw = [member = f.member, list = std::move(list)](Params& p, random_stream& stream) {
      p.*member = list[stream.below(list.size())];
    };
  }

  template <class T>
  void check_range(const param_field<Params, T>& f, T low, T high, bool on_log_scale) {
    detail::check_bounds(f.name, static_cast<double>(low), static_cast<double>(high), on_log_scale);
    check_value(f, low);
    check_value(f, high);
  }

  template <class T>
  static std::string range_text(const char* form, T low, T high) {
    return form + ("(" + detail::search_text(low)) + "," + detail::search_text(high) + ")";
  }

  template <class T>
  void add_uniform(const param_field<Params, T>& f, std::size_t position, T low, T high) {
    check_range(f, low, high, false);
    open(f, position, range_text("uniform", low, high)).draw =
        [=, member = f.member](Params& p, random_stream& stream) {
          p.*member = static_cast<T>(detail::draw_uniform(stream, low, high));
        };
  }

  template <class T>
  void add_log_uniform(const param_field<Params, T>& f, std::size_t position, T low, T high) {
    check_range(f, low, high, true);
    open(f, position, range_text("log", low, high)).draw = [=, member = f.member](
                                                               Params& p, random_stream& stream) {
      if constexpr (std::integral<T>) {
        const double drawn = detail::draw_log_uniform(stream, static_cast<double>(low),
                                                      static_cast<double>(high) + 1);
        p.*member = drawn >= static_cast<double>(high) ? high : static_cast<T>(drawn);
      } else {
        p.*member = static_cast<T>(detail::draw_log_uniform(stream, low, high));
      }
    };
  }

  template <class T>
  void add_integers(const param_field<Params, T>& f, std::size_t position, T low, T high) {
    const std::string name = "space." + std::string(f.name);
    if (low > high) {
      throw value_error(name, range_text("integers", low, high), "the bounds are reversed");
    }
    check_value(f, low);
    check_value(f, high);
    auto& added = open(f, position, range_text("integers", low, high));
    // Modular arithmetic: right for signed types too.
    const auto last = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    const auto at = [low](std::uint64_t i) {
      return static_cast<T>(static_cast<std::uint64_t>(low) + i);
    };
    added.choices = std::max(last, last + 1);  // the full range of 64 bits counts as one less
    added.choose = [at, member = f.member](Params& p, std::uint64_t i) { p.*member = at(i); };
    added.draw = [at, last, member = f.member](Params& p, random_stream& stream) {
      p.*member = at(detail::draw_up_to(stream, last));
    };
  }

  template <class T>
  void add_words(const param_field<Params, T>& f, std::size_t position,
                 const detail::domain_words& domain) {
    using form = detail::domain_words::form;
    if constexpr (!detail::search_number<T> && !std::is_enum_v<T> && !std::same_as<T, bool>) {
      throw value_error("space." + std::string(f.name), "text", "this field has no text form");
    } else {
      if (domain.what == form::choices) {
        std::vector<T> list;
        for (const auto& word : domain.words) {
          list.push_back(detail::read_search_value<T>(f.name, word));
        }
        return add_choices(f, position, std::move(list));
      }
      if constexpr (detail::search_number<T>) {
        if (domain.what != form::all) {
          const T low = detail::read_search_value<T>(f.name, domain.words.at(0));
          const T high = detail::read_search_value<T>(f.name, domain.words.at(1));
          if (domain.what == form::log_uniform) return add_log_uniform(f, position, low, high);
          if constexpr (std::floating_point<T>) {
            if (domain.what == form::uniform) return add_uniform(f, position, low, high);
          } else {
            if (domain.what == form::integers) return add_integers(f, position, low, high);
          }
        }
      } else if (domain.what == form::all) {
        return add_choices(f, position, all<T>());
      }
      throw value_error("space." + std::string(f.name), "text",
                        std::floating_point<T>
                            ? "a real field takes values a|b, uniform(low,high) or log(low,high)"
                        : std::integral<T> && !std::same_as<T, bool>
                            ? "a whole number takes values a|b, integers(low,high) or log(low,high)"
                            : "takes values a|b or *");
    }
  }

  std::vector<searched_field> dimensions_;
};

}  // namespace recokit::inline RECOKIT_ABI
