// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A stream beside which another client's long prompt is read: how long its pieces keep it waiting, and how long the prompt takes. */
final class Gaps {

    /** About so many tokens of prompt. */
    private static final int PROMPT = 2_500;

    private static final int CONTEXT = 8_192;

    private static final int TOKENS = 600;

    private Gaps() {}

    static void besideLongPrompt(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model, Map.of("PUNA_CONTEXT_LENGTH", "" + CONTEXT));
                var llama = LlamaServer.start(setting, model, List.of("-np", "2", "-c", "" + 2 * CONTEXT))) {
            puna.generate(Prompts.story(), 8);
            llama.generate(Prompts.story(), 8);
            var ours = new Measured();
            var theirs = new Measured();
            for (var round = 0; round < setting.rounds(); round++) {
                ours.add(puna);
                theirs.add(llama);
            }
            var peer = "llama-server";
            table.row("gap of a stream beside a prompt of 2,500, ms, median", ours.median, peer, theirs.median);
            table.row("the same, 99 % of the gaps are below", ours.most, peer, theirs.most);
            table.row("the same, the longest", ours.longest, peer, theirs.longest);
            table.row("that prompt beside the stream, s", ours.beside, peer, theirs.beside);
            table.row("that prompt alone, s", ours.alone, peer, theirs.alone);
        }
    }

    /** What one server did in each round. */
    private static final class Measured {
        final Samples median = new Samples();
        final Samples most = new Samples();
        final Samples longest = new Samples();
        final Samples beside = new Samples();
        final Samples alone = new Samples();

        void add(Peer peer) throws Exception {
            alone.add(peer.generate(Prompts.words(PROMPT), 2).firstMillis() / 1e3);
            try (var executor = Executors.newSingleThreadExecutor()) {
                var stream = executor.submit(() -> peer.generate(Prompts.story(), TOKENS));
                TimeUnit.MILLISECONDS.sleep(500);
                var begun = System.nanoTime();
                var millis = peer.generate(Prompts.words(PROMPT), 2).firstMillis();
                beside.add(millis / 1e3);
                var gaps = stream.get().gaps(begun, begun + (long) (millis * 1e6));
                median.add(gaps.median());
                most.add(gaps.quantile(0.99));
                longest.add(gaps.quantile(1));
            }
        }
    }
}
