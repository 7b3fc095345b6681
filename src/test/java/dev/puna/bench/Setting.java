// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;

/**
 * How the benchmark is run.
 *
 * @param launcher starts this build
 * @param peers folder with llama-bench and llama-server
 * @param threads that every program decodes with
 * @param rounds measurements of each figure; each round measures every program once
 * @param only part of the name of the one group to measure; empty for all
 */
record Setting(Path launcher, Path peers, int threads, int rounds, String only) {

    static Setting fromProperties() {
        return new Setting(
                Path.of(System.getProperty("bench.launcher", "puna")).toAbsolutePath(),
                Path.of(System.getProperty("bench.peers", "native-libs/build/peers"))
                        .toAbsolutePath(),
                Integer.getInteger("bench.threads", 1),
                Integer.getInteger("bench.rounds", 5),
                System.getProperty("bench.only", ""));
    }
}
