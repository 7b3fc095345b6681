// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What it costs to ask in OpenAI's dialect instead of Ollama's: the same server, model and questions, asked in turns. */
final class Dialects {

    /** The differences are small and the machine is noisy: so many short turns for each round of the other measurements. */
    private static final int TURNS = 8;

    private static final int TOKENS = 64;
    private static final int TEXTS = 512;

    private Dialects() {}

    static void chat(Setting setting, Path model, ResultTable table) throws Exception {
        var ollama = new Chat("/api/chat", "\"done\":false", "\"options\":{\"num_predict\":%d,\"temperature\":0}");
        var openAi = new Chat("/v1/chat/completions", "\"finish_reason\":null", "\"max_tokens\":%d,\"temperature\":0");
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            ollama.ask(puna.server());
            openAi.ask(puna.server());
            for (var turn = 0; turn < TURNS * setting.rounds(); turn++) {
                inTurns(turn, () -> ollama.ask(puna.server()), () -> openAi.ask(puna.server()));
            }
        }
        table.row("chat: tokens/s", openAi.rate, ollama.path, ollama.rate);
        table.row("chat: first token of a known prompt, ms", openAi.first, ollama.path, ollama.first);
    }

    static void embeddings(Setting setting, Path model, ResultTable table) throws Exception {
        var ollama = new Embedding("/api/embed", "");
        var numbers = new Embedding("/v1/embeddings", "");
        var bytes = new Embedding("/v1/embeddings", ",\"encoding_format\":\"base64\"");
        try (var puna = PunaUnderTest.startWith(setting, model)) {
            var all = List.of(ollama, numbers, bytes);
            for (var turn = 0; turn <= setting.rounds(); turn++) {
                for (var i = 0; i < all.size(); i++) {
                    all.get((turn + i) % all.size()).ask(puna.server(), turn > 0);
                }
            }
        }
        table.row("MiniLM: 512 texts a call, texts/s", numbers.rate, ollama.path, ollama.rate);
        table.row("MiniLM: 512 texts a call, base64, texts/s", bytes.rate, ollama.path, ollama.rate);
    }

    /** Each goes first every other time. */
    private static void inTurns(int turn, Benchmark.Measurement one, Benchmark.Measurement other) throws Exception {
        (turn % 2 == 0 ? one : other).run();
        (turn % 2 == 0 ? other : one).run();
    }

    /** One route for chats, and what it took. */
    private static final class Chat {
        private final String path;
        private final String mark;
        private final String body;
        private final Samples rate = new Samples();
        private final Samples first = new Samples();

        Chat(String path, String mark, String options) {
            this.path = path;
            this.mark = mark;
            this.body = """
                    {"model":"bench","stream":true,"messages":[{"role":"user","content":"Tell me a long story."}],%s}""".formatted(options.formatted(TOKENS));
        }

        void ask(RunningServer server) throws IOException, InterruptedException {
            var stream = server.stream(path, body, mark);
            rate.add(stream.perSecond());
            first.add(stream.firstMillis());
        }
    }

    /** One form of embeddings, and what it took. */
    private static final class Embedding {
        private final String path;
        private final String more;
        private final Samples rate = new Samples();

        Embedding(String path, String more) {
            this.path = path;
            this.more = more;
        }

        void ask(RunningServer server, boolean counts) throws IOException, InterruptedException {
            var texts = Stream.generate(() -> '"' + Prompts.words(8) + '"')
                    .limit(TEXTS)
                    .collect(Collectors.joining(","));
            var body = "{\"model\":\"bench\",\"input\":[%s]%s}".formatted(texts, more);
            var start = System.nanoTime();
            server.post(path, body);
            if (counts) {
                rate.add(TEXTS * 1e9 / (System.nanoTime() - start));
            }
        }
    }
}
