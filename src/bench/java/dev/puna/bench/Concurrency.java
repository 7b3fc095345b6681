// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Several clients at once: tokens a second that they get together, and the processor time that a token takes. */
final class Concurrency {

    /** Of each answer, which no end of the model's cuts short. */
    private static final int TOKENS = 64;

    private static final List<Integer> CLIENTS = List.of(1, 2, 3, 4, 6, 8, 16);

    private static final int MOST = CLIENTS.getLast();

    private static final List<Integer> MOST_STREAMS = List.of(1, 4, 16, 32, 64);

    /** The threads of llama-server go on spinning for a quarter of a second, which would slow whoever is measured next. */
    private static final long REST_MILLIS = 700;

    private Concurrency() {}

    static void clients(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var parallel = Integer.toString(MOST);
        var roomy = Map.of("PUNA_NUM_PARALLEL", parallel, "PUNA_CONTEXT_LENGTH", "512");
        try (var puna = PunaUnderTest.startWith(setting, model, roomy);
                var llama = LlamaServer.start(
                        setting, model, List.of("-np", parallel, "-c", Integer.toString(512 * MOST)))) {
            compare(setting, name + ", ", CLIENTS, puna, llama, "llama-server", table);
        }
    }

    /** As many streams as somebody will ever want of one model: what each one more costs. */
    static void growth(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var parallel = Integer.toString(MOST_STREAMS.getLast());
        var roomy = Map.of("PUNA_NUM_PARALLEL", parallel, "PUNA_CONTEXT_LENGTH", "256");
        try (var puna = PunaUnderTest.startWith(setting, model, roomy);
                var llama = LlamaServer.start(
                        setting,
                        model,
                        List.of("-np", parallel, "-c", Integer.toString(256 * MOST_STREAMS.getLast())))) {
            compare(setting, name + ", growth, ", MOST_STREAMS, puna, llama, "llama-server", table);
        }
    }

    /** So many clients at a time; in each round every number of them. */
    static void compare(
            Setting setting,
            String name,
            List<Integer> counts,
            Peer puna,
            Peer peer,
            String peerName,
            ResultTable table)
            throws Exception {
        var ours = counts.stream().map(_ -> new Rates()).toList();
        var theirs = counts.stream().map(_ -> new Rates()).toList();
        together(puna, counts.getLast());
        together(peer, counts.getLast());
        for (var round = 0; round < setting.rounds(); round++) {
            for (var i = 0; i < counts.size(); i++) {
                ours.get(i).add(puna, counts.get(i));
                theirs.get(i).add(peer, counts.get(i));
            }
        }
        for (var i = 0; i < counts.size(); i++) {
            var what = name + counts.get(i) + (counts.get(i) == 1 ? " client" : " clients");
            table.row(what + ", tokens/s", ours.get(i).perSecond, peerName, theirs.get(i).perSecond);
            table.row(what + ", CPU ms/token", ours.get(i).cpuMillis, peerName, theirs.get(i).cpuMillis);
            if (i > 0) {
                table.row(what + ", tokens/s", ours.get(i).perSecond, "its 1 client", ours.getFirst().perSecond);
            }
        }
    }

    /** Of one server with one number of clients, round by round. */
    private static final class Rates {
        private final Samples perSecond = new Samples();
        private final Samples cpuMillis = new Samples();

        void add(Peer peer, int clients) throws Exception {
            Thread.sleep(REST_MILLIS);
            var cpu = peer.server().cpuMillis();
            var start = System.nanoTime();
            var tokens = together(peer, clients);
            perSecond.add(tokens * 1e9 / (System.nanoTime() - start));
            cpuMillis.add((peer.server().cpuMillis() - cpu) / tokens);
        }
    }

    /** How many tokens they get. */
    private static int together(Peer peer, int clients) throws Exception {
        var calls = new ArrayList<Callable<Integer>>();
        for (var client = 0; client < clients; client++) {
            var prompt = Prompts.story();
            calls.add(() -> peer.answer(prompt, TOKENS));
        }
        try (var executor = Executors.newFixedThreadPool(clients)) {
            var tokens = 0;
            for (var answer : executor.invokeAll(calls)) {
                tokens += answer.get();
            }
            return tokens;
        }
    }
}
