// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the benchmark is run.
 *
 * @param launcher starts this build
 * @param peers folder with llama-bench and llama-server; built where it is not given
 * @param ollama the real Ollama, if it is to be compared with
 * @param threads that every program decodes with
 * @param rounds measurements of each figure; each round measures every program once
 * @param only part of the name of the one group to measure; empty for all
 */
record Setting(Path launcher, Path peers, Optional<Path> ollama, int threads, int rounds, String only) {

    static Setting fromProperties() throws IOException, InterruptedException {
        var peers = System.getProperty("bench.peers");
        return new Setting(
                Path.of(System.getProperty("bench.launcher", "puna")).toAbsolutePath(),
                peers == null ? builtPeers() : Path.of(peers).toAbsolutePath(),
                Optional.ofNullable(System.getProperty("bench.ollama"))
                        .map(program -> Path.of(program).toAbsolutePath()),
                Integer.getInteger("bench.threads", 1),
                Integer.getInteger("bench.rounds", 5),
                System.getProperty("bench.only", ""));
    }

    /** Has the peers built, which takes minutes the first time; the script's last line says where they are. */
    private static Path builtPeers() throws IOException, InterruptedException {
        var script = new ProcessBuilder(
                        Path.of("native-libs/peers").toAbsolutePath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var lines = script.inputReader().lines().toList();
        if (script.waitFor() != 0 || lines.isEmpty()) {
            throw new IOException("native-libs/peers could not build llama-bench and llama-server");
        }
        return Path.of(lines.getLast());
    }
}
