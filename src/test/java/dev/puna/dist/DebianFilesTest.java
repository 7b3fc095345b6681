// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DebianFilesTest {
    @Test
    void a_snapshot_sorts_before_its_release() {
        assertThat(DebianFiles.version("0.1.0-SNAPSHOT")).isEqualTo("0.1.0~SNAPSHOT");
        assertThat(DebianFiles.version("1.2.3")).isEqualTo("1.2.3");
    }

    @Test
    void a_field_without_a_value_is_left_out() {
        var template = "Package: @name@\nRecommends: @recommends@\nDescription: @name@ is @recommends@\n";

        assertThat(DebianFiles.fill(template, Map.of("name", "puna", "recommends", "")))
                .isEqualTo("Package: puna\nDescription: puna is \n");
    }

    @Test
    void what_is_zipped_has_no_time_in_it_and_says_that_it_cannot_be_smaller() throws IOException {
        var zipped = DebianFiles.gzip("Grüße\n".repeat(100));

        assertThat(zipped).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("Grüße\n".repeat(100));
        }
    }

    @Test
    void the_time_is_a_number_or_a_date_and_never_that_of_the_build() {
        var time = Instant.parse("2026-11-21T19:44:32Z");

        assertThat(Distribution.time("1795290272")).isEqualTo(time);
        assertThat(Distribution.time("2026-11-21T20:44:32+01:00")).isEqualTo(time);
        assertThatThrownBy(() -> Distribution.time("unknown"))
                .hasMessage(
                        "The time to date the packages with is not known: build in a git clone, or set SOURCE_DATE_EPOCH.");
    }
}
