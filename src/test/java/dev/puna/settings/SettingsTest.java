// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.KeepAlive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsTest {
    @Test
    void a_server_needs_a_place_for_its_models_where_the_user_has_no_home() {
        var home = System.getProperty("user.home");
        System.setProperty("user.home", "?");
        try {
            assertThatThrownBy(() -> Settings.ofServer(Map.of()))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageContaining("PUNA_MODELS");
            assertThat(Settings.ofServer(Map.of("OLLAMA_MODELS", "/srv/m")).models())
                    .isEqualTo(Path.of("/srv/m"));
            assertThat(Settings.ofServer(Map.of("HOME", "/h")).models()).isEqualTo(Path.of("/h/.ollama/models"));
        } finally {
            System.setProperty("user.home", home);
        }
    }

    @Test
    void an_empty_environment_gives_the_defaults() {
        var settings = Settings.from(Map.of("HOME", "/home/ada"));

        assertThat(settings)
                .isEqualTo(new Settings(
                        HostAddress.DEFAULT,
                        Path.of("/home/ada/.ollama/models"),
                        List.of(),
                        KeepAlive.of(Duration.ofMinutes(5)),
                        Optional.of(Duration.ofMinutes(5)),
                        OptionalInt.empty(),
                        512,
                        4096,
                        Duration.ofMinutes(2),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        "auto",
                        "f16",
                        0,
                        true,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        true,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Duration.ofSeconds(10),
                        8,
                        0,
                        List.of(),
                        true,
                        true,
                        Optional.empty(),
                        true,
                        List.of(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        false,
                        new RegistryHosts(List.of(), List.of(), false)));
    }

    @Test
    void the_variables_of_Ollama_work() {
        var settings = Settings.from(Map.of("OLLAMA_MODELS", "/srv/models", "OLLAMA_KV_CACHE_TYPE", "Q8_0"));

        assertThat(settings.models()).isEqualTo(Path.of("/srv/models"));
        assertThat(settings.kvCacheType()).isEqualTo("q8_0");
    }

    @Test
    void folders_of_models_are_given_as_a_path_is() {
        var settings = Settings.from(Map.of("PUNA_MODEL_DIRS", "/srv/gguf: :/srv/hub/:/srv/gguf"));

        assertThat(settings.modelFolders()).containsExactly(Path.of("/srv/gguf"), Path.of("/srv/hub"));
    }

    @Test
    void our_own_variable_wins_over_that_of_Ollama_unless_it_is_empty() {
        assertThat(Settings.from(Map.of("OLLAMA_MAX_QUEUE", "5", "PUNA_MAX_QUEUE", "7"))
                        .maxQueue())
                .isEqualTo(7);
        assertThat(Settings.from(Map.of("OLLAMA_MAX_QUEUE", "5", "PUNA_MAX_QUEUE", " "))
                        .maxQueue())
                .isEqualTo(5);
    }

    @Test
    void spaces_and_quotes_around_a_value_do_not_count() {
        assertThat(Settings.from(Map.of("OLLAMA_HOST", " \"0.0.0.0:8080' ")).host())
                .isEqualTo(new HostAddress("http", "0.0.0.0", 8080, ""));
    }

    @ParameterizedTest
    @CsvSource({"10m,600", "90,90", "1h30m,5400", "0,0", "0s,0"})
    void keep_alive_is_a_duration_or_seconds(String text, long seconds) {
        assertThat(Settings.from(Map.of("OLLAMA_KEEP_ALIVE", text)).keepAlive())
                .isEqualTo(KeepAlive.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void a_negative_keep_alive_means_for_ever() {
        assertThat(Settings.from(Map.of("OLLAMA_KEEP_ALIVE", "-1")).keepAlive()).isEqualTo(KeepAlive.FOREVER);
        assertThat(Settings.from(Map.of("OLLAMA_KEEP_ALIVE", "-1m")).keepAlive())
                .isEqualTo(KeepAlive.FOREVER);
    }

    @Test
    void a_load_timeout_of_zero_or_less_means_none() {
        assertThat(Settings.from(Map.of("OLLAMA_LOAD_TIMEOUT", "0")).loadTimeout())
                .isEmpty();
        assertThat(Settings.from(Map.of("OLLAMA_LOAD_TIMEOUT", "-1")).loadTimeout())
                .isEmpty();
    }

    @Test
    void counts_of_zero_leave_the_choice_to_the_server() {
        var settings = Settings.from(Map.of("OLLAMA_NUM_PARALLEL", "0", "OLLAMA_CONTEXT_LENGTH", "8192"));

        assertThat(settings.numParallel()).isEmpty();
        assertThat(settings.contextLength()).hasValue(8192);
    }

    @Test
    void flags_are_read_as_Go_reads_them() {
        assertThat(Settings.from(Map.of("OLLAMA_FLASH_ATTENTION", "T")).flashAttention())
                .isEqualTo("on");
        assertThat(Settings.from(Map.of("OLLAMA_FLASH_ATTENTION", "false")).flashAttention())
                .isEqualTo("off");
        assertThat(Settings.from(Map.of("OLLAMA_NOPRUNE", "1")).prunes()).isFalse();
        assertThat(Settings.from(Map.of("OLLAMA_DEBUG", "true")).verbosity()).isEqualTo(1);
        assertThat(Settings.from(Map.of("OLLAMA_DEBUG", "2")).verbosity()).isEqualTo(2);
    }

    @Test
    void origins_are_separated_by_commas() {
        assertThat(Settings.from(Map.of("OLLAMA_ORIGINS", "https://a.example, chrome-extension://*,"))
                        .origins())
                .containsExactly("https://a.example", "chrome-extension://*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HOST|::::|[scheme://]host[:port], like 127.0.0.1:11434, 0.0.0.0 or [::1]:8080",
                "HOST|127.0.0.1:99999|[scheme://]host[:port], like 127.0.0.1:11434, 0.0.0.0 or [::1]:8080",
                "KEEP_ALIVE|5 minutes|a duration like 5m, 90s or 1h30m, or a number of seconds",
                "LOAD_TIMEOUT|soon|a duration like 5m, 90s or 1h30m, or a number of seconds",
                "SHUTDOWN_GRACE|x|a duration like 5m, 90s or 1h30m, or a number of seconds",
                "MAX_LOADED_MODELS|-1|a whole number from 0 to 2147483647",
                "STALL_TIMEOUT|never|a duration like 5m, 90s or 1h30m, or a number of seconds",
                "MAX_CONNECTIONS|all|a whole number from 0 to 2147483647",
                "MAX_QUEUE|many|a whole number from 0 to 2147483647",
                "NUM_PARALLEL|1.5|a whole number from 0 to 2147483647",
                "CONTEXT_LENGTH|99999999999|a whole number from 0 to 2147483647",
                "THREADS|-2|a whole number from 0 to 2147483647",
                "FLASH_ATTENTION|yes|1 or true, 0 or false",
                "NOPRUNE|maybe|1 or true, 0 or false",
                "KV_CACHE_TYPE|q3|one of f16, q8_0, q4_0",
                "GPU_OVERHEAD|1GB|a number of bytes, 0 or more",
                "HEAP|1m|a size of 64m or more, such as 512m or 2g",
                "RUNNER_MEMORY|-1|a size of 64m or more, such as 512m or 2g, or 0 for no limit",
                "DEBUG|3|0, 1 (debug) or 2 (trace), or true or false",
            })
    void a_value_that_makes_no_sense_is_named_with_its_variable_and_what_is_accepted(
            String ending, String value, String accepted) {
        for (var name : new String[] {"PUNA_" + ending, "OLLAMA_" + ending}) {
            var environment = new HashMap<>(Map.of(name, value));

            assertThatThrownBy(() -> Settings.from(environment))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessage("%s is \"%s\", but it must be %s; correct or unset it", name, value, accepted);
        }
    }

    @Test
    void the_threads_asked_for_are_the_threads_that_compute() {
        assertThat(Settings.from(Map.of("PUNA_THREADS", "3")).computeThreads()).isEqualTo(3);
        assertThat(Settings.from(Map.of()).computeThreads())
                .isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    @Test
    void images_come_from_no_host_but_those_that_are_named() {
        var settings = Settings.from(Map.of("PUNA_IMAGE_HOSTS", "*.Example.org, 127.0.0.1:5000"));

        assertThat(settings.imageHosts()).containsExactly("*.example.org", "127.0.0.1:5000");
        assertThat(Settings.from(Map.of()).imageHosts()).isEmpty();
    }

    @Test
    void registries_are_allowed_and_denied_by_patterns_of_hosts() {
        var settings = Settings.from(Map.of(
                "PUNA_REGISTRY_ALLOW", "registry.example, *.Example.org,127.0.0.1:5000,[::1]:5000",
                "PUNA_REGISTRY_DENY", "bad.example.org",
                "PUNA_REGISTRY_PRIVATE", "1"));

        assertThat(settings.registryHosts())
                .isEqualTo(new RegistryHosts(
                        List.of("registry.example", "*.example.org", "127.0.0.1:5000", "[::1]:5000"),
                        List.of("bad.example.org"),
                        true));
        for (var wrong : List.of("https://registry.example", "a.*.example", "me/model", ",", "a b")) {
            assertThatThrownBy(() -> Settings.from(Map.of("PUNA_REGISTRY_ALLOW", wrong)))
                    .as(wrong)
                    .hasMessageStartingWith("PUNA_REGISTRY_ALLOW is \"" + wrong + "\", but it must be hosts");
        }
    }
}
