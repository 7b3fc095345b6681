// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RequestOptionsTest {
    @Test
    void options_that_nobody_knows_are_told_in_one_line_each_and_not_all_of_them() {
        var sent = new LinkedHashMap<String, @Nullable Object>();
        sent.put("num_ctx", 5L);
        sent.put("stop", List.of());
        sent.put("mirostat", 1L);
        sent.put("bad\nname", 1L);
        for (var i = 0; i < 100; i++) {
            sent.put("x".repeat(1000) + i, null);
        }

        assertThat(RequestOptions.unknown(sent))
                .hasSize(10)
                .startsWith("\"mirostat\"", "\"bad\\nname\"")
                .allMatch(name -> name.length() < 80);
    }
}
