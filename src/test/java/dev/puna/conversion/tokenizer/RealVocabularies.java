// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tokenizer;

import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Prints the entries of a folder's tokeniser, to be compared by hand with what llama.cpp's converter makes of published ones: folder
 * and kind are the arguments.
 */
final class RealVocabularies {
    private RealVocabularies() {}

    public static void main(String[] arguments) throws IOException {
        var files = ModelFiles.of(Path.of(arguments[0]));
        var size = (Long) Json.object(files, "config.json").orElseThrow().get("vocab_size");
        var entries = new Entries();
        var start = System.nanoTime();
        var warnings = Tokenizers.add(entries, files, TokenizerKind.valueOf(arguments[1]), size == null ? -1 : size);
        System.err.printf("%d ms %s%n", (System.nanoTime() - start) / 1_000_000, warnings);
        EntryLines.of(entries).forEach(System.out::println);
    }
}
