// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Texts embedded a second, 64 a call. */
final class EmbeddingBenchmark {

    private static final int TEXTS = 64;

    private EmbeddingBenchmark() {}

    static void perSecond(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("--embeddings"))) {
            compare(setting, puna, llama, "llama-server", table);
        }
    }

    static void compare(Setting setting, Peer puna, Peer peer, String peerName, ResultTable table) throws Exception {
        var ours = new Samples();
        var theirs = new Samples();
        rate(puna);
        rate(peer);
        for (var round = 0; round < setting.rounds(); round++) {
            ours.add(rate(puna));
            theirs.add(rate(peer));
        }
        table.row("MiniLM: 64 texts a call, texts/s", ours, peerName, theirs);
    }

    private static double rate(Peer peer) throws Exception {
        var texts = Stream.generate(() -> Prompts.words(16)).limit(TEXTS).toList();
        var start = System.nanoTime();
        peer.embed(texts);
        return TEXTS * 1e9 / (System.nanoTime() - start);
    }
}
