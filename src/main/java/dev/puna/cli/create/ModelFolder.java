// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.create;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a folder that make a model: the weights in the first format found, and what describes them. */
final class ModelFolder {
    /** Said of a folder without weights, and of a Modelfile that is not there: so the recordings have it. */
    static final String NOTHING_FOUND = "no Modelfile or safetensors files found";

    /** Formats in the order of preference; the first also in folders one level below. */
    private static final List<List<String>> WEIGHTS = List.of(
            List.of("model*.safetensors", "*/model*.safetensors"),
            List.of("consolidated*.safetensors"),
            List.of("pytorch_model*.bin"),
            List.of("consolidated*.pth"),
            List.of("*.gguf"),
            List.of("*.bin"));

    private static final List<String> DESCRIPTIONS = List.of("*.json", "*/*.json", "chat_template.jinja");
    /** What only a conversion reads: vocabularies of other kinds, templates for special purposes, the model's card. */
    private static final List<String> BESIDE_TENSORS = List.of(
            "vocab.txt",
            "merges.txt",
            "spiece.model",
            "sentencepiece.bpe.model",
            "tokenizer.tiktoken",
            "*/*.jinja",
            "README.md");

    private static final List<String> TOKENIZERS = List.of("tokenizer.model", "*/tokenizer.model");

    private final Path folder;

    ModelFolder(Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    /** The files by their names below the folder. */
    Map<String, Path> files() {
        var files = new ArrayList<Path>(firstFound(WEIGHTS));
        if (files.isEmpty()) {
            throw new CommandFailure(NOTHING_FOUND);
        }
        requireNoPickle(files.getFirst());
        DESCRIPTIONS.forEach(pattern -> files.addAll(matching(pattern)));
        files.addAll(firstFound(TOKENIZERS.stream().map(List::of).toList()));
        if (files.getFirst().toString().endsWith(".safetensors")) {
            BESIDE_TENSORS.forEach(pattern -> files.addAll(matching(pattern)));
        }
        var named = new LinkedHashMap<String, Path>();
        for (var file : files) {
            named.put(nameOf(file), file);
        }
        return named;
    }

    /** Refused before gigabytes are sent for nothing: what PyTorch pickles can be any program, and no server here reads it. */
    private static void requireNoPickle(Path weights) {
        var name = String.valueOf(weights.getFileName());
        if (name.endsWith(".pth") || name.startsWith("pytorch_model")) {
            throw new CommandFailure("the weights are pickles of PyTorch (" + name
                    + "), which are programs more than files and are not read: give the model in safetensors or GGUF;"
                    + " transformers writes safetensors with save_pretrained");
        }
    }

    private List<Path> firstFound(List<List<String>> choices) {
        return choices.stream()
                .filter(patterns -> !matching(patterns.getFirst()).isEmpty())
                .findFirst()
                .map(patterns -> patterns.stream()
                        .flatMap(pattern -> matching(pattern).stream())
                        .toList())
                .orElse(List.of());
    }

    private List<Path> matching(String pattern) {
        var nested = pattern.startsWith("*/");
        var name = nested ? pattern.substring(2) : pattern;
        var folders =
                nested ? list(folder, "*").stream().filter(Files::isDirectory).toList() : List.of(folder);
        return folders.stream()
                .flatMap(place -> list(place, name).stream())
                .filter(Files::isRegularFile)
                .toList();
    }

    private static List<Path> list(Path folder, String pattern) {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw new CommandFailure("the folder " + folder + " cannot be read: " + IoReason.of(e), e);
        }
        entries.sort(null);
        return entries;
    }

    /** A link is followed, but not out of the folder: what lies elsewhere was not named by the user. */
    private String nameOf(Path file) {
        try {
            var real = file.toRealPath();
            if (!real.startsWith(folder)) {
                throw new CommandFailure("insecure path: " + folder.relativize(real));
            }
            return folder.relativize(real).toString().replace('\\', '/');
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + file + " cannot be read: " + IoReason.of(e), e);
        }
    }
}
