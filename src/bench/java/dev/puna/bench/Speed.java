// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One client: tokens a second while generating, also what repeats the prompt, and while reading a prompt. */
final class Speed {

    private static final int TOKENS = 128;

    private static final int PROMPT = 512;

    private static final List<Integer> LENGTHS = List.of(1_000, 4_000, 16_000);

    /** So many words are somewhat fewer tokens than that, as both fit one batch. */
    private static final int WORDS = 490;

    private Speed() {}

    static void decodeAndPrompt(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var decode = new Samples();
        var benchDecode = new Samples();
        var serverDecode = new Samples();
        var prompt = new Samples();
        var benchPrompt = new Samples();
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("-np", "1", "-c", "4096"))) {
            puna.generate(Prompts.story(), TOKENS);
            llama.generate(Prompts.story(), TOKENS);
            for (var round = 0; round < setting.rounds(); round++) {
                benchDecode.add(llamaBench(setting, model, "-p", "0", "-n", Integer.toString(TOKENS)));
                decode.add(puna.generate(Prompts.story(), TOKENS).perSecond());
                serverDecode.add(llama.generate(Prompts.story(), TOKENS).perSecond());
                benchPrompt.add(llamaBench(setting, model, "-p", Integer.toString(PROMPT), "-n", "0"));
                var read = puna.generate(Prompts.words(WORDS), 2);
                prompt.add(promptTokens(read.end()) * 1000 / read.firstMillis());
            }
        }
        table.row(name + ": decode, tokens/s", decode, "llama-bench", benchDecode);
        table.row(name + ": decode, tokens/s", decode, "llama-server", serverDecode);
        table.row(name + ": prompt of 512, tokens/s", prompt, "llama-bench", benchPrompt);
    }

    /** What a token costs behind ever longer texts. */
    static void growingContext(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var longest = Integer.toString(LENGTHS.getLast() + LENGTHS.getFirst());
        try (var puna = PunaUnderTest.startWith(
                        setting, model, Map.of("PUNA_CONTEXT_LENGTH", longest, "PUNA_NUM_PARALLEL", "1"));
                var llama = LlamaServer.start(setting, model, List.of("-np", "1", "-c", longest))) {
            for (var length : LENGTHS) {
                var ours = new Samples();
                var theirs = new Samples();
                for (var round = 0; round < setting.rounds(); round++) {
                    var text = Prompts.words(length);
                    ours.add(puna.generate(text, TOKENS).perSecond());
                    theirs.add(llama.generate(text, TOKENS).perSecond());
                }
                table.row(name + ": decode behind " + length + " tokens, tokens/s", ours, "llama-server", theirs);
            }
        }
    }

    /** A text that repeats its prompt, and one that does not: with guesses, without, and llama-server with its own. */
    static void repeating(Setting setting, String name, Path model, ResultTable table) throws Exception {
        try (var guessing = PunaUnderTest.startWith(setting, model);
                var plain = PunaUnderTest.startWith(setting, model, Map.of("PUNA_SPECULATION", "0"));
                var llama = LlamaServer.start(
                        setting,
                        model,
                        List.of(
                                "-np",
                                "1",
                                "-c",
                                "4096",
                                "--spec-type",
                                "ngram-map-k",
                                "--spec-ngram-map-k-size-n",
                                "4",
                                "--spec-ngram-map-k-size-m",
                                "8"))) {
            besideEachOther(setting, name + ": text that repeats", Prompts::begunAgain, guessing, plain, llama, table);
            besideEachOther(setting, name + ": story", Prompts::story, guessing, plain, llama, table);
        }
    }

    private static void besideEachOther(
            Setting setting,
            String name,
            Supplier<String> prompts,
            Peer guessing,
            Peer plain,
            Peer llama,
            ResultTable table)
            throws Exception {
        var with = new Samples();
        var without = new Samples();
        var server = new Samples();
        for (var round = -1; round < setting.rounds(); round++) {
            var prompt = prompts.get();
            var figures = new double[] {
                guessing.generate(prompt, TOKENS).perSecond(),
                plain.generate(prompt, TOKENS).perSecond(),
                llama.generate(prompt, TOKENS).perSecond()
            };
            if (round >= 0) {
                with.add(figures[0]);
                without.add(figures[1]);
                server.add(figures[2]);
            }
        }
        table.row(name + ", tokens/s", with, "no guesses", without);
        table.row(name + ", tokens/s", with, "llama-server", server);
    }

    /** How many there really were: a word is one token or two. */
    private static double promptTokens(String lastLine) throws IOException {
        return new ObjectMapper().readTree(lastLine).path("prompt_eval_count").asDouble();
    }

    private static double llamaBench(Setting setting, Path model, String... what)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                setting.peers().resolve("llama-bench").toString(),
                "-m",
                model.toString(),
                "-t",
                Integer.toString(setting.threads()),
                "-r",
                "1",
                "-o",
                "json"));
        command.addAll(List.of(what));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var json = new ObjectMapper().readTree(process.getInputStream());
        process.waitFor();
        return json.path(0).path("avg_ts").asDouble();
    }
}
