// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The JSON-Schema-Test-Suite of json-schema-org, which is not part of this repository: the environment variable
 * {@code JSON_SCHEMA_TEST_SUITE} names the folder of one draft in a checkout, {@code tests/draft2020-12} for one.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OfficialSuiteTest {
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> narrower = new ArrayList<>();

    @Test
    @Timeout(300)
    void no_case_is_wrong() throws IOException {
        var folder = System.getenv("JSON_SCHEMA_TEST_SUITE");
        if (folder == null) {
            System.err.println("SKIPPED OfficialSuiteTest: JSON_SCHEMA_TEST_SUITE does not name a folder of the suite");
        }
        assumeTrue(folder != null, "no suite");
        try (var files = Files.list(Path.of(folder))) {
            for (var file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                for (var group : Schemas.JSON.readTree(file.toFile())) {
                    if (group.path("schema") instanceof ObjectNode schema && folder.matches(".*draft[3-7]/?")) {
                        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
                    }
                    group(file.getFileName().toString(), group);
                }
            }
        }
        System.err.println(counts);
        narrower.forEach(System.err::println);

        assertThat(broken).isEmpty();
    }

    private void group(String file, JsonNode group) {
        var name = file + " / " + group.path("description").asText();
        GrammarText grammar;
        try {
            grammar =
                    new GrammarText(SchemaGrammar.of(group.path("schema"), "#").rules());
        } catch (InvalidRequest refused) {
            count("refused", group.path("tests").size());
            System.err.println("refused: " + name + ": " + refused.getMessage());
            return;
        }
        for (var test : group.path("tests")) {
            boolean valid = test.path("valid").asBoolean();
            boolean accepted = grammar.accepts(test.path("data").toString());
            var line = name + " / " + test.path("description").asText();
            if (accepted == valid) {
                count("right", 1);
            } else if (accepted) {
                broken.add(line);
            } else {
                count("valid and not written", 1);
                narrower.add("narrower: " + line);
            }
        }
    }

    private void count(String what, int by) {
        counts.merge(what, by, Integer::sum);
    }
}
