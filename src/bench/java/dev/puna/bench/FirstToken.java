// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How long the first token takes: after a prompt never seen, after one whose first 600 tokens are known, and after one whose
 * beginning was known before the model was unloaded, the server stopped, or the server was killed.
 */
final class FirstToken {

    private static final int PREFIX = 600;
    private static final int CONTEXT = 12_288;

    private FirstToken() {}

    static void coldAndShared(Setting setting, Path model, ResultTable table) throws Exception {
        var cold = new Samples();
        var shared = new Samples();
        var theirCold = new Samples();
        var theirShared = new Samples();
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("-np", "8", "-c", "16384"))) {
            puna.generate(Prompts.story(), 2);
            llama.generate(Prompts.story(), 2);
            for (var round = 0; round < setting.rounds(); round++) {
                var prefix = Prompts.words(PREFIX);
                cold.add(puna.generate(prefix + " one", 2).firstMillis());
                shared.add(puna.generate(prefix + " two " + Prompts.words(4), 2).firstMillis());
                theirCold.add(llama.generate(prefix + " one", 2).firstMillis());
                theirShared.add(
                        llama.generate(prefix + " two " + Prompts.words(4), 2).firstMillis());
            }
        }
        table.row("first token, cold prompt of 600, ms", cold, "llama-server", theirCold);
        table.row("first token, shared prefix of 600, ms", shared, "llama-server", theirShared);
        table.row("first token, shared / cold", shared.ratiosTo(cold).median());
    }

    /** Each time the model is in memory when the question comes: loading it is measured elsewhere. */
    static void afterUnload(Setting setting, String name, Path model, int tokens, ResultTable table) throws Exception {
        var roomy = Map.of("PUNA_CONTEXT_LENGTH", "" + CONTEXT);
        var cold = new Samples();
        var unloaded = new Samples();
        var stopped = new Samples();
        var killed = new Samples();
        Path store;
        try (var puna = PunaUnderTest.startWith(setting, model, roomy)) {
            store = puna.store();
        }
        for (var round = 0; round < setting.rounds(); round++) {
            var prefix = Prompts.words(tokens);
            try (var puna = PunaUnderTest.startOn(setting, store, roomy)) {
                puna.generate(Prompts.story(), 2);
                cold.add(puna.generate(prefix + " one", 2).firstMillis());
                puna.generate(prefix + " two " + Prompts.words(4), 2);
                puna.unload();
                unloaded.add(again(puna, prefix));
                puna.server().kill();
            }
            try (var puna = PunaUnderTest.startOn(setting, store, roomy)) {
                killed.add(again(puna, prefix));
            }
            try (var puna = PunaUnderTest.startOn(setting, store, roomy)) {
                stopped.add(again(puna, prefix));
            }
        }
        var what = "%s, first token of a prompt of %d, ms".formatted(name, tokens);
        table.row(what + ": unloaded", unloaded, "cold", cold);
        table.row(what + ": stopped", stopped, "cold", cold);
        table.row(what + ": killed", killed, "cold", cold);
    }

    private static double again(PunaUnderTest puna, String prefix) throws Exception {
        puna.generate(Prompts.story(), 2);
        return puna.generate(prefix + " three " + Prompts.words(4), 2).firstMillis();
    }
}
