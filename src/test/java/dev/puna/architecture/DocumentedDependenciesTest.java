// SPDX-License-Identifier: Apache-2.0
package dev.puna.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The table of packages in {@code src/docs/architecture.md} against the rules. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentedDependenciesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[a-z.]+`(?:, `[a-z.]+`)*) \\| .+ \\| (.+) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

    @Test
    void the_table_says_what_is_enforced() throws IOException {
        var enforced = new TreeMap<String, Set<String>>();
        AllowedDependencies.byPackage().forEach((name, used) -> enforced.put(name, new TreeSet<>(used)));

        assertThat(table(enforced.keySet())).isEqualTo(enforced);
    }

    private static Map<String, Set<String>> table(Set<String> all) throws IOException {
        var table = new TreeMap<String, Set<String>>();
        for (MatchResult row : ROW.matcher(Files.readString(Path.of("src/docs/architecture.md")))
                .results()
                .toList()) {
            var listed = new TreeSet<>(names(row.group(2)));
            for (var name : names(row.group(1))) {
                var used = listed;
                if (row.group(2).startsWith("all but ")) {
                    used = new TreeSet<>(all);
                    used.removeAll(listed);
                    used.remove(name);
                }
                table.put(name, used);
            }
        }
        return table;
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1)).toList();
    }
}
