// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract 1.2 and 3.4. */
class ModelNameTest {
    @ParameterizedTest
    @CsvSource({
        "gemma3, registry.ollama.ai/library/gemma3:latest, gemma3:latest",
        "gemma3:270m, registry.ollama.ai/library/gemma3:270m, gemma3:270m",
        "Gemma3:270M, registry.ollama.ai/library/Gemma3:270M, Gemma3:270M",
        "me/mine, registry.ollama.ai/me/mine:latest, me/mine:latest",
        "library/gemma3, registry.ollama.ai/library/gemma3:latest, gemma3:latest",
        "LIBRARY/gemma3, registry.ollama.ai/LIBRARY/gemma3:latest, gemma3:latest",
        "hf.example/me/mine:Q4_K_M, hf.example/me/mine:Q4_K_M, hf.example/me/mine:Q4_K_M",
        "localhost:5000/me/mine, localhost:5000/me/mine:latest, localhost:5000/me/mine:latest",
        "localhost:5000/me/mine:8b, localhost:5000/me/mine:8b, localhost:5000/me/mine:8b",
        "https://host.example/me/mine:8b, host.example/me/mine:8b, host.example/me/mine:8b",
        "HTTP://host.example/me/mine, host.example/me/mine:latest, host.example/me/mine:latest",
        "Registry.Ollama.AI/library/a, Registry.Ollama.AI/library/a:latest, a:latest",
        "_a, registry.ollama.ai/library/_a:latest, _a:latest",
        "a.b-c_d:e.f-g_h, registry.ollama.ai/library/a.b-c_d:e.f-g_h, a.b-c_d:e.f-g_h",
        "x:cloud, registry.ollama.ai/library/x:cloud, x:cloud"
    })
    void names_are_filled_in_and_shortened(String text, String full, String shortened) {
        var name = ModelName.parse(text);

        assertThat(name.fullName()).isEqualTo(full);
        assertThat(name.shortName()).isEqualTo(shortened);
        assertThat(name).hasToString(shortened);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                "/",
                "a:",
                ":a",
                "a/",
                "/a",
                "a//b",
                "a/b/",
                "a/b/c/d",
                ".",
                "..",
                "../a",
                "a/..",
                "../../etc/passwd",
                "..:a",
                "a:..",
                "a:.b",
                ".a",
                "-a",
                "a:-b",
                "a b",
                "a\tb",
                "a\nb",
                "a\u0000b",
                "ä",
                "a@sha256:00",
                "a/b.c/d:e:f",
                "a:b:c",
                "ns.with.dots/a",
                "a\\b",
                "%2e%2e/a",
                "https://a",
                "https://ns/a",
                "https://",
                "ftp://host.example/ns/a",
                "host.example:/a",
                "/etc/passwd",
                "C:\\a",
                "a?b",
                "a#b",
                "\u202ea"
            })
    void what_is_no_name_is_refused(String text) {
        assertThat(ModelName.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> ModelName.parse(text))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("invalid model name");
    }

    @Test
    void every_part_has_its_longest_length() {
        var longest = "a".repeat(80);
        var host = "h".repeat(350);

        assertThat(ModelName.tryParse(longest + "/" + longest + ":" + longest)).isPresent();
        assertThat(ModelName.tryParse(host + "/" + longest + "/" + longest + ":" + longest))
                .isPresent();
        assertThat(ModelName.tryParse(longest + "a")).isEmpty();
        assertThat(ModelName.tryParse(longest + "a/m")).isEmpty();
        assertThat(ModelName.tryParse("m:" + longest + "a")).isEmpty();
        assertThat(ModelName.tryParse(host + "h/n/m")).isEmpty();
        assertThat(ModelName.tryParse("a".repeat(10_000_000))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "' gemma3 ', gemma3:latest",
        "gemma3:local, gemma3:latest",
        "gemma3:270m:LOCAL, gemma3:270m",
        "gemma3:locally, gemma3:locally"
    })
    void references_may_have_spaces_around_and_ask_for_this_machine(String text, String expected) {
        assertThat(ModelName.parseReference(text).shortName()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m:cloud:local", "m:20b-cloud:LOCAL", "m:local:cloud"})
    void a_reference_asks_for_one_place(String text) {
        assertThatThrownBy(() -> ModelName.parseReference(text))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("use either :local or :cloud, not both: \"%s\"", text);
    }

    @Test
    void references_are_checked_like_names() {
        for (var text : List.of("", "  ", ":local", "../a", "a:local:local:local")) {
            assertThatThrownBy(() -> ModelName.parseReference(text))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("invalid model name");
        }
    }

    @Test
    void names_that_differ_in_case_are_the_same() {
        assertThat(ModelName.parse("Gemma3:270M").sameAs(ModelName.parse("gemma3:270m")))
                .isTrue();
        assertThat(ModelName.parse("gemma3").sameAs(ModelName.parse("gemma3:latest")))
                .isTrue();
        assertThat(ModelName.parse("gemma3").sameAs(ModelName.parse("gemma2"))).isFalse();
        assertThat(ModelName.parse("Gemma3")).isNotEqualTo(ModelName.parse("gemma3"));
    }

    @Test
    void a_path_made_of_the_parts_stays_below_its_folder() {
        var root = Path.of("/models/manifests");
        for (var text : List.of("a", "a/b:c", "h:1/n/m:t", "h..x/n/m..x:t..")) {
            var name = ModelName.parse(text);
            var path = root.resolve(name.host())
                    .resolve(name.namespace())
                    .resolve(name.model())
                    .resolve(name.tag());

            assertThat(path.normalize()).isEqualTo(path).startsWithRaw(root);
            assertThat(path.getNameCount()).isEqualTo(root.getNameCount() + 4);
        }
    }

    @Test
    void parts_are_checked_when_a_name_is_put_together_too() {
        assertThatThrownBy(() -> new ModelName("host", "..", "model", "tag")).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> new ModelName("host", "ns", "mo/del", "tag")).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> new ModelName("host", "ns", "model\n", "tag")).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> new ModelName("", "ns", "model", "tag")).isInstanceOf(InvalidRequest.class);
    }
}
