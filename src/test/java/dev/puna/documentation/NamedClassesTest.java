// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Documents follow when a class gets another name. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class NamedClassesTest {
    /** A name of at least two words, alone or with a member: {@code `EngineSpec.cells`}. */
    private static final Pattern NAMED = Pattern.compile("`(?:[a-z]+\\.)*([A-Z][a-z]+[A-Z]\\w*)(?:\\.[a-z]\\w*)?`");

    /** Not ours: settings of systemd, of GraalVM, and names of the JDK and of Go. */
    private static final Set<String> OF_OTHERS =
            Set.of("TasksMax", "MemoryDenyWriteExecute", "TimeoutStopSec", "MaxHeapSize", "MemorySegment", "ParseBool");

    @Test
    void every_class_that_a_document_names_exists() throws IOException {
        var classes = new HashSet<>(OF_OTHERS);
        var named = new TreeSet<String>();

        for (var file : WrittenFiles.all()) {
            var name = file.getFileName().toString();
            if (name.endsWith(".java")) {
                classes.add(name.substring(0, name.indexOf('.')));
            } else if (name.endsWith(".md")) {
                var found = NAMED.matcher(WrittenFiles.text(file));
                while (found.find()) {
                    named.add(found.group(1) + " in " + file);
                }
            }
        }

        assertThat(named).hasSizeGreaterThan(20).allSatisfy(place -> assertThat(classes)
                .contains(place.substring(0, place.indexOf(' '))));
    }
}
