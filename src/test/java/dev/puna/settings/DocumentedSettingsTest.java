// SPDX-License-Identifier: Apache-2.0
package dev.puna.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** README's table of settings against the settings. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentedSettingsTest {
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\| (yes|no) \\| (.+?) \\| .+ \\|");

    /** Read by the launcher, a shell script. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of("JAVA_HOME", "JAVA_OPTS", "BUILD");

    /** Defaults that the table tells in words. */
    private static final List<String> WORDS = List.of("none", "unset", "free cores", "the built folder", "found");

    private record Row(boolean ofOllama, String usual) {}

    @Test
    void every_setting_is_in_the_table_and_nothing_else() throws IOException {
        var names = new TreeSet<>(table().keySet());
        names.removeAll(OF_THE_LAUNCHER);

        assertThat(names).isEqualTo(new TreeSet<>(asked().keySet()));
    }

    @Test
    void the_table_tells_which_are_of_Ollama() throws IOException {
        var asked = asked();
        table().forEach((name, row) -> {
            if (asked.containsKey(name)) {
                var theirs = List.of(
                                "THREADS",
                                "MAX_CONNECTIONS",
                                "STALL_TIMEOUT",
                                "NATIVE_LIBS",
                                "HEAP",
                                "SHUTDOWN_GRACE",
                                "PULL_PARTS",
                                "PULL_RATE",
                                "MODEL_DIRS",
                                "LENIENT_TOOLS",
                                "AGENT_PREFIX",
                                "SMALL_BATCH",
                                "SPECULATION",
                                "IMAGE_HOSTS",
                                "ISOLATION",
                                "RUNNER_MEMORY",
                                "PREFIX_CACHE",
                                "PREFIX_CACHE_CONVERSATIONS",
                                "REGISTRY_ALLOW",
                                "REGISTRY_DENY",
                                "REGISTRY_PRIVATE")
                        .contains(name);
                assertThat(row.ofOllama()).as(name).isEqualTo(!theirs);
            }
        });
    }

    @Test
    void saying_the_default_of_the_table_changes_nothing() throws IOException {
        var home = Map.of("HOME", "/home/ada");
        table().forEach((name, row) -> {
            if (!OF_THE_LAUNCHER.contains(name) && !WORDS.contains(row.usual())) {
                assertThat(row.usual()).as(name).startsWith("`").endsWith("`");
                var environment = new HashMap<>(home);
                environment.put("PUNA_" + name, row.usual().replace("`", "").replace("~", "/home/ada"));
                assertThat(Settings.from(environment)).as(name).isEqualTo(Settings.from(home));
            }
        });
    }

    /** What the settings look for in the environment, by the endings of its names. */
    private static Map<String, String> asked() {
        var names = new TreeMap<String, String>();
        Settings.from(new HashMap<>() {
            @Override
            public String getOrDefault(Object key, String otherwise) {
                var name = String.valueOf(key);
                if (name.startsWith("PUNA_")) {
                    names.put(name.substring("PUNA_".length()), name);
                }
                return otherwise;
            }
        });
        return names;
    }

    private static Map<String, Row> table() throws IOException {
        var rows = new TreeMap<String, Row>();
        for (var line : Files.readAllLines(Path.of("README.md"))) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), new Row(row.group(2).equals("yes"), row.group(3)));
            }
        }
        return rows;
    }
}
