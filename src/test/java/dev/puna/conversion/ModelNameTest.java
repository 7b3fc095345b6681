// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names are taken apart as gguf-py does, which recorded {@code model-names.txt}. */
class ModelNameTest {
    @Test
    void names_have_parts() throws IOException {
        var checked = 0;
        for (var line : lines().toList()) {
            var words = List.of(line.split("\\|", -1));
            if (words.size() == 8) {
                var name = ModelName.read(words.get(0), Long.parseLong(words.get(1)));
                assertThat(Stream.of(
                                        name.name(),
                                        name.organization(),
                                        name.baseName(),
                                        name.fineTune(),
                                        name.version(),
                                        name.size())
                                .map(part -> part.orElse("")))
                        .as(line)
                        .isEqualTo(words.subList(2, 8));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(100);
    }

    @Test
    void titles_have_capitals() throws IOException {
        assertThat(lines().filter(line -> line.startsWith("T|"))).isNotEmpty().allSatisfy(line -> assertThat(
                        ModelName.title(line.split("\\|", -1)[1]))
                .isEqualTo(line.split("\\|", -1)[2]));
    }

    @Test
    void sizes_have_two_digits() throws IOException {
        assertThat(lines().filter(line -> line.startsWith("S|"))).isNotEmpty().allSatisfy(line -> assertThat(
                        GeneralEntries.rounded(Long.parseLong(line.split("\\|", -1)[1])))
                .isEqualTo(line.split("\\|", -1)[2]));
    }

    private static Stream<String> lines() throws IOException {
        try (var in = Objects.requireNonNull(ModelNameTest.class.getResourceAsStream("/model-names.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }
}
