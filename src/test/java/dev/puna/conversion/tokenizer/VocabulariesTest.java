// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tokenisers with something unusual become the metadata that {@code src/test/conversion/vocabularies.py} recorded of the converter. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class VocabulariesTest {
    private static final Path RECORDED = Path.of("src/test/resources/conversion/vocabularies.json");
    private static final Path TOKENIZERS = Path.of("src/test/resources/conversion/tokenizers");

    @TempDir
    private Path directory;

    @TestFactory
    List<DynamicTest> a_tokeniser_becomes_the_metadata_of_the_converter() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        for (var recorded : new ObjectMapper().readTree(RECORDED.toFile())) {
            tests.add(DynamicTest.dynamicTest(recorded.get("name").asText(), () -> compare(recorded)));
        }
        assertThat(tests).hasSizeGreaterThan(30);
        return tests;
    }

    private void compare(JsonNode recorded) throws IOException {
        var files = new LinkedHashMap<String, Path>();
        try (var base = Files.list(TOKENIZERS.resolve(recorded.get("base").asText()))) {
            base.forEach(file -> files.put(String.valueOf(file.getFileName()), file));
        }
        recorded.get("files").properties().forEach(file -> {
            if (file.getValue().isNull()) {
                files.remove(file.getKey());
            } else {
                files.put(file.getKey(), write(file.getKey(), file.getValue().asText()));
            }
        });
        var entries = new Entries();

        Tokenizers.add(
                entries,
                ModelFiles.of(files),
                TokenizerKind.valueOf(recorded.get("kind").asText()),
                recorded.get("size").asLong());

        var expected = new ArrayList<String>();
        recorded.get("expected").forEach(line -> expected.add(line.asText()));
        assertThat(EntryLines.of(entries)).isEqualTo(expected);
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(Files.createTempFile(directory, "file", name.replace('/', '-')), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
