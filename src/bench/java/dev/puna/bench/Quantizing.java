// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast weights are quantised, beside llama-quantize on the same libraries, with and without an importance matrix; fails if the
 * bytes differ. Puna's time is that of the whole request: a process for it, the digest of the result, the checks of its header. So
 * it stands beside llama-quantize alone, and beside llama-quantize with a digest of what it has written.
 */
final class Quantizing {
    private static final double MEGA = 1e6;

    private Quantizing() {}

    static void besideLlamaQuantize(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var folder = Files.createTempDirectory("bench-quantize");
        var source = folder.resolve("f16.gguf");
        run(setting, folder, "llama-quantize", "--allow-requantize", model.toString(), source.toString(), "F16");
        var text = Files.writeString(folder.resolve("text.txt"), Prompts.words(1000));
        var matrix = folder.resolve("imatrix.gguf");
        run(
                setting,
                folder,
                "llama-imatrix",
                "-m",
                source.toString(),
                "-f",
                text.toString(),
                "-o",
                matrix.toString(),
                "-c",
                "128",
                "--chunks",
                "2");
        try (var puna = PunaUnderTest.startWith(setting, source)) {
            // The output names its matrix as it was given, which over the API is the digest.
            var digest = puna.upload(matrix);
            Files.copy(matrix, folder.resolve(digest), StandardCopyOption.REPLACE_EXISTING);
            for (var type : List.of("Q4_K_M", "Q8_0")) {
                measure(setting, puna, folder, name, type, "", table);
            }
            for (var type : List.of("Q4_0", "IQ3_XXS")) {
                measure(setting, puna, folder, name, type, digest, table);
            }
        }
    }

    private static void measure(
            Setting setting,
            PunaUnderTest puna,
            Path folder,
            String name,
            String type,
            String digest,
            ResultTable table)
            throws Exception {
        var ours = new Samples();
        var theirs = new Samples();
        var withDigest = new Samples();
        var megabytes = Files.size(folder.resolve("f16.gguf")) / MEGA;
        var arguments = new ArrayList<String>();
        if (!digest.isEmpty()) {
            arguments.addAll(List.of("--imatrix", digest));
        }
        arguments.addAll(List.of("f16.gguf", "out.gguf", type, Integer.toString(setting.threads())));
        for (var round = 0; round < setting.rounds(); round++) {
            var start = System.nanoTime();
            run(setting, folder, "llama-quantize", arguments.toArray(String[]::new));
            var written = System.nanoTime();
            PunaUnderTest.sha256(folder.resolve("out.gguf"));
            var between = System.nanoTime();
            puna.server()
                    .post(
                            "/api/create",
                            "{\"model\":\"made\",\"stream\":false,\"from\":\"bench\",\"quantize\":\"" + type
                                    + "\",\"imatrix\":\"" + digest + "\"}");
            var end = System.nanoTime();
            theirs.add(megabytes / (written - start) * 1e9);
            withDigest.add(megabytes / (between - start) * 1e9);
            ours.add(megabytes / (end - between) * 1e9);
        }
        var blob = PunaUnderTest.sha256(folder.resolve("out.gguf"));
        if (!Files.exists(puna.store().resolve("blobs/sha256-" + blob))) {
            throw new IllegalStateException(type + ": the bytes differ from those of llama-quantize");
        }
        var how = digest.isEmpty() ? "" : " by importance";
        var what = "%s, quantise to %s%s, MB/s".formatted(name, type, how);
        table.row(what, ours, "llama-quantize", theirs);
        table.row(what, ours, "with a digest", withDigest);
    }

    private static void run(Setting setting, Path folder, String program, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(setting.peers().resolve(program).toString()));
        command.addAll(List.of(arguments));
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(program + " failed, see " + log);
        }
    }
}
