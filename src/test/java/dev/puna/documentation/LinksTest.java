// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Links between documents lead somewhere. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LinksTest {
    private static final int LINKS_AT_LEAST = 60;
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_exist() throws IOException {
        var wrong = new ArrayList<String>();
        var links = 0;

        for (var document : WrittenFiles.all()) {
            if (document.toString().endsWith(".md")) {
                var link = LINK.matcher(Files.readString(document));
                while (link.find()) {
                    links++;
                    var target = link.group(1).isEmpty() ? document : beside(document, link.group(1));
                    if (!Files.exists(target) || (link.group(2) != null && !hasHeading(target, link.group(2)))) {
                        wrong.add(document + " links to " + link.group().substring(1));
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(links).isGreaterThan(LINKS_AT_LEAST);
    }

    private static Path beside(Path document, String target) {
        return Path.of("").resolve(document).resolveSibling(target).normalize();
    }

    /** Whether a document has a heading whose anchor, as GitHub makes it, is this one. */
    private static boolean hasHeading(Path document, String anchor) throws IOException {
        return HEADING.matcher(Files.readString(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .anyMatch(anchor::equals);
    }
}
