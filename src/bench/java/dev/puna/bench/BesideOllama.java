// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;

/** What people choose between: the same requests to Puna and to Ollama, on one store. Files are in the page cache. */
final class BesideOllama {

    private static final int TOKENS = 128;

    private BesideOllama() {}

    static void all(Setting setting, Path ollama, Path model, ResultTable table) throws Exception {
        Path store;
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            store = puna.store();
        }
        starts(setting, ollama, store, table);
        answers(setting, ollama, store, table);
    }

    private static void starts(Setting setting, Path program, Path store, ResultTable table) throws Exception {
        var ready = new Samples();
        var theirReady = new Samples();
        var idle = new Samples();
        var theirIdle = new Samples();
        var first = new Samples();
        var theirFirst = new Samples();
        for (var round = 0; round < setting.rounds(); round++) {
            var begun = System.nanoTime();
            try (var puna = PunaUnderTest.startOn(setting, store)) {
                ready.add(puna.server().readyMillis);
                first.add(puna.generate(Prompts.story(), 4).firstMillisSince(begun));
            }
            var theirsBegun = System.nanoTime();
            try (var ollama = Ollama.startOn(setting, program, store)) {
                theirReady.add(ollama.server().readyMillis);
                theirFirst.add(ollama.generate(Prompts.story(), 4).firstMillisSince(theirsBegun));
            }
            try (var puna = PunaUnderTest.startOn(setting, store)) {
                idle.add(puna.server().idleMegabytes());
            }
            try (var ollama = Ollama.startOn(setting, program, store)) {
                theirIdle.add(ollama.server().idleMegabytes());
            }
        }
        table.row("exec to ready, ms", ready, "ollama", theirReady);
        table.row("resident, nothing loaded, MiB", idle, "ollama", theirIdle);
        table.row("exec to first token, ms", first, "ollama", theirFirst);
    }

    private static void answers(Setting setting, Path program, Path store, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startOn(setting, store);
                var ollama = Ollama.startOn(setting, program, store)) {
            puna.generate(Prompts.story(), TOKENS);
            ollama.generate(Prompts.story(), TOKENS);
            var decode = new Samples();
            var theirs = new Samples();
            for (var round = 0; round < setting.rounds(); round++) {
                decode.add(puna.generate(Prompts.story(), TOKENS).perSecond());
                theirs.add(ollama.generate(Prompts.story(), TOKENS).perSecond());
            }
            table.row("decode, tokens/s", decode, "ollama", theirs);
            Concurrency.compare(setting, "", List.of(1, 4, 8), puna, ollama, "ollama", table);
        }
    }
}
