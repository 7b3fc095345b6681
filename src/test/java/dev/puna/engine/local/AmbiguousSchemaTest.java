// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.failure.InvalidRequest;
import dev.puna.support.TinyGguf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Schemas of a few kilobytes that llama.cpp's grammars would follow for ever: they end by themselves, and only they. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmbiguousSchemaTest {
    private static final int KINDS = 10;
    private static final int DEPTH = 8;

    @TempDir
    Path folder;

    @Test
    void a_value_that_could_be_one_of_millions_of_kinds_is_refused_and_the_model_goes_on() throws IOException {
        try (var engine = EngineTests.load(TinyGguf.llama(3).writeTo(folder.resolve("model.gguf")), 2048, 1)) {
            var ambiguous = EngineTests.raw("Answer: ").seed(1).tokens(2_000).format(new OutputFormat.Schema(nested()));

            assertThatThrownBy(() -> EngineTests.ask(engine, ambiguous.request()))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("too many ways at once");

            var plain = EngineTests.raw("Answer: ")
                    .tokens(2_000)
                    .format(new OutputFormat.Schema(
                            "{\"type\":\"string\",\"pattern\":\"^" + ".*".repeat(1_000) + "b$\",\"maxLength\":20}"));
            assertThat(EngineTests.ask(engine, plain.request()).finished().reason())
                    .isEqualTo(FinishReason.STOP);
        }
    }

    /** Arrays of arrays of arrays, each of which may be one of several kinds that begin alike. */
    private static String nested() {
        var levels = IntStream.rangeClosed(1, DEPTH).mapToObj(AmbiguousSchemaTest::level);
        return "{\"$ref\":\"#/$defs/L" + DEPTH + "\",\"$defs\":{\"L0\":{\"type\":\"boolean\"},"
                + levels.collect(Collectors.joining(",")) + "}}";
    }

    private static String level(int level) {
        return IntStream.rangeClosed(1, KINDS)
                .mapToObj(most -> "{\"type\":\"array\",\"minItems\":1,\"maxItems\":" + most
                        + ",\"items\":{\"$ref\":\"#/$defs/L" + (level - 1) + "\"}}")
                .collect(Collectors.joining(",", "\"L" + level + "\":{\"anyOf\":[", "]}"));
    }
}
