// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What it costs that each model has a process of its own, beside the same build that computes in the server. */
final class Isolated {
    private static final Map<String, String> IN_SERVER = Map.of("PUNA_ISOLATION", "none");
    private static final String PEER = "in the server";
    private static final int TOKENS = 128;
    private static final int PROMPT = 100;

    private Isolated() {}

    static void generating(Setting setting, Path model, ResultTable table) throws Exception {
        var decode = new Samples();
        var theirDecode = new Samples();
        var first = new Samples();
        var theirFirst = new Samples();
        try (var puna = PunaUnderTest.startWith(setting, model);
                var other = PunaUnderTest.startOn(setting, puna.store(), IN_SERVER)) {
            puna.generate(Prompts.story(), TOKENS);
            other.generate(Prompts.story(), TOKENS);
            for (var round = 0; round < 2 * setting.rounds(); round++) {
                decode.add(puna.generate(Prompts.story(), TOKENS).perSecond());
                theirDecode.add(other.generate(Prompts.story(), TOKENS).perSecond());
                first.add(puna.generate(Prompts.words(PROMPT), 2).firstMillis());
                theirFirst.add(other.generate(Prompts.words(PROMPT), 2).firstMillis());
            }
            table.row("decode, tokens/s", decode, PEER, theirDecode);
            table.row("first token, prompt of 100, ms", first, PEER, theirFirst);
            Concurrency.compare(setting, "", List.of(1, 4, 8), puna, other, PEER, table);
        }
    }

    static void embedding(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model);
                var other = PunaUnderTest.startOn(setting, puna.store(), IN_SERVER)) {
            EmbeddingBenchmark.compare(setting, puna, other, PEER, table);
        }
    }

    /** From nothing, after unloading, and after the model's process was killed; memory on the way. */
    static void starting(Setting setting, Path model, ResultTable table) throws Exception {
        Path store;
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            store = puna.store();
        }
        var ours = new Starts();
        var theirs = new Starts();
        var killed = new Samples();
        var child = new Samples();
        for (var round = 0; round < setting.rounds(); round++) {
            try (var puna = PunaUnderTest.startOn(setting, store)) {
                ours.idle.add(puna.server().idleMegabytes());
            }
            try (var other = PunaUnderTest.startOn(setting, store, IN_SERVER)) {
                theirs.idle.add(other.server().idleMegabytes());
            }
            var begun = System.nanoTime();
            try (var puna = PunaUnderTest.startOn(setting, store)) {
                ours.measure(puna, begun);
                child.add(puna.server().childMegabytes());
                killed.add(firstAfterKill(puna));
                ours.unload(puna);
            }
            var theirsBegun = System.nanoTime();
            try (var other = PunaUnderTest.startOn(setting, store, IN_SERVER)) {
                theirs.measure(other, theirsBegun);
                theirs.unload(other);
            }
        }
        table.row("exec to first token, ms", ours.first, PEER, theirs.first);
        table.row("unloaded to first token, ms", ours.again, PEER, theirs.again);
        table.row("killed to first token, ms", killed, "unloaded", ours.again);
        table.row("resident, nothing loaded, MiB", ours.idle, PEER, theirs.idle);
        table.row("resident, model in use, all processes, MiB", ours.loaded, PEER, theirs.loaded);
        table.row("resident, model unloaded, MiB", ours.unloaded, PEER, theirs.unloaded);
        table.row(
                "a model's process beside its model, MiB",
                child.median() - theirs.loaded.median() + theirs.idle.median());
    }

    private static double firstAfterKill(PunaUnderTest puna) throws IOException, InterruptedException {
        var begun = System.nanoTime();
        puna.server().killRunners();
        while (true) {
            try {
                return puna.generate(Prompts.story(), 2).firstMillisSince(begun);
            } catch (IOException stillDying) {
                if (System.nanoTime() - begun > 10_000_000_000L) {
                    throw stillDying;
                }
            }
        }
    }

    /** One server's figures. */
    private static final class Starts {
        private final Samples first = new Samples();
        private final Samples again = new Samples();
        private final Samples idle = new Samples();
        private final Samples loaded = new Samples();
        private final Samples unloaded = new Samples();

        void measure(PunaUnderTest puna, long begun) throws IOException, InterruptedException {
            first.add(puna.generate(Prompts.story(), 2).firstMillisSince(begun));
            puna.unload();
            var asked = System.nanoTime();
            again.add(puna.generate(Prompts.story(), 2).firstMillisSince(asked));
            loaded.add(puna.server().residentMegabytes());
        }

        void unload(PunaUnderTest puna) throws IOException, InterruptedException {
            puna.unload();
            unloaded.add(puna.server().idleMegabytes());
        }
    }
}
