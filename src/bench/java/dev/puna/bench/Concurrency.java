// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Several clients at once: tokens a second that they get together. */
final class Concurrency {

    private static final int TOKENS = 96;

    /** The threads of llama-server go on spinning for a quarter of a second, which would slow whoever is measured next. */
    private static final long REST_MILLIS = 700;

    private Concurrency() {}

    static void clients(Setting setting, String name, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("-np", "8", "-c", "8192"))) {
            compare(setting, name + ": ", puna, llama, "llama-server", table);
        }
    }

    /** One, four and eight clients at a time. */
    static void compare(Setting setting, String name, Peer puna, Peer peer, String peerName, ResultTable table)
            throws Exception {
        together(puna, 8);
        together(peer, 8);
        for (var clients : List.of(1, 4, 8)) {
            var ours = new Samples();
            var theirs = new Samples();
            for (var round = 0; round < setting.rounds(); round++) {
                ours.add(together(puna, clients));
                theirs.add(together(peer, clients));
            }
            table.row(name + clients + " clients together, tokens/s", ours, peerName, theirs);
        }
    }

    private static double together(Peer peer, int clients) throws Exception {
        Thread.sleep(REST_MILLIS);
        var calls = new ArrayList<Callable<Integer>>();
        for (var client = 0; client < clients; client++) {
            var prompt = Prompts.story();
            calls.add(() -> peer.generate(prompt, TOKENS).pieces());
        }
        try (var executor = Executors.newFixedThreadPool(clients)) {
            var start = System.nanoTime();
            var tokens = 0;
            for (var result : executor.invokeAll(calls)) {
                tokens += result.get();
            }
            return tokens * 1e9 / (System.nanoTime() - start);
        }
    }
}
