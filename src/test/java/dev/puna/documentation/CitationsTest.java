// SPDX-License-Identifier: Apache-2.0
package dev.puna.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Whatever the repository cites of {@code src/docs/contract} is there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CitationsTest {
    /** Raised as the code grows, so that a search that finds nothing cannot pass. */
    private static final int CITATIONS_AT_LEAST = 350;

    /** Tests of citations have wrong ones for examples. */
    private static final Path OURS = Path.of("src/test/java/dev/puna/documentation");

    /** A row of the index: sections and their file. */
    private static final Pattern INDEXED = Pattern.compile("\\| ([\\d., ]+) \\| .+ \\| \\[(.+)]\\(.+\\) \\|");

    @Test
    void every_citation_names_a_section_that_exists() throws IOException {
        var contract = ContractSections.read();
        var wrong = new ArrayList<String>();
        var citations = 0;

        for (var file : WrittenFiles.all()) {
            if (!file.startsWith(OURS)) {
                for (var citation : Citation.in(WrittenFiles.text(file))) {
                    citations++;
                    if (!contract.has(citation)) {
                        wrong.add(file + ":" + citation.line() + " cites " + citation + ", which "
                                + ContractSections.FOLDER + " does not have");
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(citations).isGreaterThan(CITATIONS_AT_LEAST);
    }

    @Test
    void every_citation_has_the_same_form() throws IOException {
        var wrong = new ArrayList<String>();

        for (var file : WrittenFiles.all()) {
            if (!file.startsWith(OURS)) {
                for (var irregular : Citation.irregular(WrittenFiles.text(file))) {
                    wrong.add(file + ":" + irregular + ": write contract 1.7, addendum 3.2 or departure 5");
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void the_index_has_each_section_with_its_file() throws IOException {
        var indexed = new HashMap<String, String>();
        var kind = "";
        for (var line : Files.readAllLines(ContractSections.FOLDER.resolve("README.md"))) {
            var row = INDEXED.matcher(line);
            if (line.startsWith("| contract |") || line.startsWith("| addendum |")) {
                kind = line.substring(2, line.indexOf(' ', 2));
            } else if (row.matches()) {
                for (var section : row.group(1).split(", ")) {
                    indexed.put(kind + " " + section, row.group(2));
                }
            }
        }

        var sections = new HashMap<String, String>();
        ContractSections.read().byName().forEach((name, section) -> sections.put(name, section.file()));
        sections.keySet().removeIf(name -> name.startsWith("departure "));
        assertThat(indexed).isEqualTo(sections);
    }

    @Test
    void a_citation_is_found_with_all_its_sections() {
        assertThat(cited("Source: contract 1.7.")).containsExactly("1: contract 1.7");
        assertThat(cited("\nContract 2, and the rest")).containsExactly("2: contract 2");
        assertThat(cited("addendum 3.1, 3.5 and 3.8"))
                .containsExactly("1: addendum 3.1", "1: addendum 3.5", "1: addendum 3.8");
        assertThat(cited("contract 8.9 to 8.11, step"))
                .containsExactly("1: contract 8.9", "1: contract 8.10", "1: contract 8.11");
        assertThat(cited("(departure 5), departures 7 to 9"))
                .containsExactly("1: departure 5", "1: departure 7", "1: departure 8", "1: departure 9");
        assertThat(cited("contract 3.2, step 5; contract 7"))
                .containsExactly("1: contract 3.2, step 5", "1: contract 7");
    }

    @Test
    void a_citation_goes_on_in_the_next_line_of_a_comment() {
        assertThat(cited("/**\n * x contract\n * 8.7. Immutable.")).containsExactly("2: contract 8.7");
        assertThat(cited("// addendum 1.4,\n    // 1.5")).containsExactly("1: addendum 1.4", "1: addendum 1.5");
        assertThat(cited("# contract 1.0 and\n# 1.1")).containsExactly("1: contract 1.0", "1: contract 1.1");
    }

    @Test
    void numbers_elsewhere_are_no_citations() {
        assertThat(cited("package dev.puna.contract; 0.40; the contract has 12 sections; InferenceContract 3"))
                .isEmpty();
    }

    @Test
    void other_forms_are_told_with_their_line() {
        assertThat(Citation.irregular("\nwire contract, section 1.4. Pure"))
                .containsExactly("2: contract, section 1.4");
        assertThat(Stream.of(
                                "contract section 8",
                                "contract's rules (section 1",
                                "contract of 0.40, 3.2",
                                "contract 0.40",
                                "see decisions.md")
                        .map(Citation::irregular))
                .noneMatch(List::isEmpty);
        assertThat(Citation.irregular("contract 1.4; RFC 9112, section 9.6")).isEmpty();
    }

    @Test
    void a_section_or_step_that_is_not_there_is_missed() throws IOException {
        var contract = ContractSections.read();

        assertThat(Citation.in("contract 3.2, step 7; departure 1")).allMatch(contract::has);
        assertThat(Citation.in("contract 3.2, step 17; contract 3.9; addendum 9; departure 99"))
                .noneMatch(contract::has);
    }

    private static List<String> cited(String text) {
        return Citation.in(text).stream()
                .map(citation -> citation.line() + ": " + citation)
                .toList();
    }
}
