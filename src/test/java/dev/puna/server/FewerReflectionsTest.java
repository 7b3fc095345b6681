// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.http.ErrorBody;
import io.quarkus.runtime.configuration.DurationConverter;
import java.lang.reflect.Method;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FewerReflectionsTest {

    @Test
    void what_makes_a_setting_of_text_is_called_and_nothing_else_of_java() {
        assertThat(called(Integer.class)).containsExactly("valueOf");
        assertThat(called(ZoneId.class)).containsExactly("of");
        assertThat(called(String.class)).isEmpty();
    }

    @Test
    void all_of_what_is_written_as_json_is_called() {
        assertThat(called(ErrorBody.class)).contains("error", "equals", "toString");
    }

    @Test
    void values_of_annotations_are_called_and_of_others_what_belongs_to_their_class() {
        assertThat(called(Deprecated.class)).containsExactlyInAnyOrder("since", "forRemoval");
        assertThat(called(DurationConverter.class)).contains("parseDuration").doesNotContain("convert");
    }

    private static Set<String> called(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(FewerReflections::isCalled)
                .map(Method::getName)
                .filter(name -> !name.startsWith("lambda$") && !name.startsWith("$"))
                .collect(Collectors.toSet());
    }
}
