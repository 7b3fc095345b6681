// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import static java.util.Objects.requireNonNull;

import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares by hand how texts are cut: arguments are a folder with a tokeniser, a JSON object whose {@code texts} are a list, and a file
 * with the ids that Hugging Face's tokenizers makes of each, one text a line.
 */
final class RealTexts {
    private RealTexts() {}

    public static void main(String[] arguments) throws IOException {
        var pipeline = new Pipeline(new LoadedTokenizer(ModelFiles.of(Path.of(arguments[0]))));
        var texts = (List<?>) requireNonNull(
                Json.object("texts", Files.readAllBytes(Path.of(arguments[1]))).get("texts"));
        var expected = Files.readAllLines(Path.of(arguments[2]));
        var wrong = 0;
        for (var at = 0; at < expected.size(); at++) {
            var ids = Arrays.stream(pipeline.encode((String) texts.get(at)))
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(" "));
            if (!ids.equals(expected.get(at)) && wrong++ < 3) {
                System.out.println(at + "\n  is  " + ids + "\n  not " + expected.get(at));
            }
        }
        System.out.println(wrong + " of " + expected.size() + " differ");
    }
}
