// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;

/** How long the first token takes: after a prompt never seen, and after one whose first 600 tokens are known. */
final class FirstToken {

    private static final int PREFIX = 600;

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
}
