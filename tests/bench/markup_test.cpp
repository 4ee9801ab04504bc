// SPDX-FileCopyrightText: 2026 The recokit authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/markup.hpp"

#include "support/catch.hpp"

using recokit_bench::escaped;

TEST_CASE("markup characters become entities") {
  CHECK(escaped("<script>alert(\"x\" & 'y')</script>") ==
        "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;");
}

TEST_CASE("UTF-8 stays and what is not UTF-8 is replaced") {
  CHECK(escaped("Käse ± 😀") == "Käse ± 😀");
  CHECK(escaped("a\xE4z") == "a\xEF\xBF\xBDz");                // Latin-1
  CHECK(escaped("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");    // overlong
  CHECK(escaped("x\xE2\x82") == "x\xEF\xBF\xBD\xEF\xBF\xBD");  // cut short
}

TEST_CASE("control characters are replaced, line breaks stay") {
  CHECK(escaped(std::string("a\0b\x1b", 4)) ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
  CHECK(escaped("a\nb\tc") == "a\nb\tc");
}
