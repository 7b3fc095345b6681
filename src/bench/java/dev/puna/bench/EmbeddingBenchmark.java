// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Texts embedded a second, by how many come with a call. */
final class EmbeddingBenchmark {

    private static final List<Integer> TEXTS = List.of(1, 64, 512);

    private EmbeddingBenchmark() {}

    static void perSecond(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("--embeddings"))) {
            compare(setting, puna, llama, "llama-server", table);
        }
    }

    static void compare(Setting setting, Peer puna, Peer peer, String peerName, ResultTable table) throws Exception {
        for (var count : TEXTS) {
            var ours = new Samples();
            var theirs = new Samples();
            rate(puna, count);
            rate(peer, count);
            for (var round = 0; round < setting.rounds(); round++) {
                ours.add(rate(puna, count));
                theirs.add(rate(peer, count));
            }
            table.row("MiniLM, texts of a call: " + count + ", texts/s", ours, peerName, theirs);
        }
    }

    private static double rate(Peer peer, int count) throws Exception {
        var texts = Stream.generate(() -> Prompts.words(16)).limit(count).toList();
        var start = System.nanoTime();
        peer.embed(texts);
        return count * 1e9 / (System.nanoTime() - start);
    }
}
