// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;

/** What a server takes to start and to be there. */
final class Footprint {

    private Footprint() {}

    static void startAndMemory(Setting setting, Path model, ResultTable table) throws Exception {
        var start = new Samples();
        var theirStart = new Samples();
        var idle = new Samples();
        var loaded = new Samples();
        var theirLoaded = new Samples();
        for (var round = 0; round < setting.rounds(); round++) {
            try (var puna = PunaUnderTest.start(setting)) {
                idle.add(puna.server().idleMegabytes());
            }
            try (var puna = PunaUnderTest.startWith(setting, model)) {
                start.add(puna.server().readyMillis);
                puna.generate(Prompts.story(), 16);
                loaded.add(puna.server().residentMegabytes());
            }
            try (var llama = LlamaServer.start(setting, model, List.of("-np", "8", "-c", "8192"))) {
                theirStart.add(llama.server().readyMillis);
                llama.generate(Prompts.story(), 16);
                theirLoaded.add(llama.server().residentMegabytes());
            }
        }
        table.row("exec to ready (theirs: model loaded), ms", start, "llama-server", theirStart);
        table.row("resident, nothing loaded, MiB", idle.median());
        table.row("resident, model in use, MiB", loaded, "llama-server", theirLoaded);
        firstAnswer(setting, model, table);
        growth(setting, model, table);
    }

    /** From nothing to the first token, by a server that finds the model in its store; files are in the page cache. */
    private static void firstAnswer(Setting setting, Path model, ResultTable table) throws Exception {
        var ours = new Samples();
        var theirs = new Samples();
        Path store;
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            store = puna.store();
            puna.generate(Prompts.story(), 2);
        }
        for (var round = 0; round < setting.rounds(); round++) {
            var begun = System.nanoTime();
            try (var puna = PunaUnderTest.startOn(setting, store)) {
                ours.add(puna.generate(Prompts.story(), 4).firstMillisSince(begun));
            }
            var theirsBegun = System.nanoTime();
            try (var llama = LlamaServer.start(setting, model, List.of("-np", "8", "-c", "8192"))) {
                theirs.add(llama.generate(Prompts.story(), 4).firstMillisSince(theirsBegun));
            }
        }
        table.row("exec to first token, ms", ours, "llama-server", theirs);
    }

    private static void growth(Setting setting, Path model, ResultTable table) throws Exception {
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            for (var i = 0; i < 100; i++) {
                puna.generate(Prompts.story(), 4);
            }
            var afterHundred = puna.server().residentMegabytes();
            for (var i = 0; i < 900; i++) {
                puna.generate(Prompts.story(), 4);
            }
            table.row("resident after 100 requests, MiB", afterHundred);
            table.row("resident after 1000 / after 100", puna.server().residentMegabytes() / afterHundred);
        }
    }
}
