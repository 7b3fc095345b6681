// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.puna.engine.GenerationRequest;
import dev.puna.engine.Prompt;
import dev.puna.scheduling.Scheduling;
import dev.puna.store.ModelStore;
import dev.puna.support.RawExchange;
import dev.puna.support.Script;
import dev.puna.support.ScriptedEngineLoader;
import dev.puna.support.TinyModels;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;

/**
 * What tests of routes share: the server, in which nothing is loaded, with models that say {@code Hello!} until a test has them say
 * something else. Such a test is a {@code QuarkusTest}.
 */
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class ScriptedRoutes {
    protected static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    protected URI server;

    @Inject
    protected ModelStore store;

    @Inject
    protected ScriptedEngineLoader loader;

    @Inject
    protected Scheduling scheduling;

    @BeforeEach
    final void fresh() {
        SharedServer.unload(scheduling);
        loader.loadsAgain().answers(Script.answering("Hello", "!"));
        prepare(new TinyModels(store));
    }

    /** Makes the models that are asked, and whatever else a test begins with. */
    protected abstract void prepare(TinyModels models);

    /** What the engine was asked last. */
    protected final GenerationRequest asked() {
        return loader.engine().requests().getLast();
    }

    protected final Prompt.Conversation conversation() {
        return (Prompt.Conversation) asked().prompt();
    }

    /** Sends a body as {@link #json} writes it; the caller closes the exchange. */
    protected final RawExchange post(String path, String body) throws IOException {
        return RawExchange.send(server, json(body), "POST " + path + " HTTP/1.1");
    }

    /** The whole answer, which has that status. */
    protected final String post(String path, String body, int status) throws IOException {
        try (var exchange = post(path, body)) {
            var text = exchange.body();
            assertThat(exchange.status()).as(text).isEqualTo(status);
            return text;
        }
    }

    /** JSON that was written with single quotes; quotes of texts inside texts are written {@code \'}. */
    protected static String json(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }
}
