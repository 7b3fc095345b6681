// SPDX-License-Identifier: Apache-2.0
package dev.puna.creation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.conversion.GgufDump;
import dev.puna.creation.CreationProgress.Step;
import dev.puna.failure.InvalidRequest;
import dev.puna.failure.RegistryFailure;
import dev.puna.model.ModelName;
import dev.puna.network.EnvironmentProxies;
import dev.puna.network.SystemTrust;
import dev.puna.support.ConnectProxy;
import dev.puna.support.FakeHub;
import dev.puna.support.FakeRegistry;
import dev.puna.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that not everybody may read, and who is told by what token. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HubTokenTest {
    private final List<CreationProgress> told = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    private HubPullsOfTests pulls;

    @BeforeEach
    void open() throws IOException {
        pulls = new HubPullsOfTests(folder);
    }

    @AfterEach
    void close() {
        pulls.close();
    }

    @Test
    void a_gated_repository_says_what_to_do() {
        for (var status : new int[] {401, 403}) {
            var gate = new FakeRegistry();
            try (gate) {
                gate.planTimes(9, "/resolve/", exchange -> {
                    gate.answer(exchange, status, "Access to model me/llama-3.2 is restricted".getBytes(UTF_8));
                    return true;
                });
                var closed = new FakeHub(gate, "me/llama-3.2");
                List.of("config.json", "model.safetensors").forEach(name -> closed.add(name, pulls.hub.file(name)));

                assertThatThrownBy(() -> pulls.pull(gate.host(), "me/llama-3.2", HubPullsOfTests.nothing())
                                .run(told::add))
                        .isInstanceOf(InvalidRequest.class)
                        .hasMessageStartingWith("me/llama-3.2 is gated or private: accept its terms on its page");
            }
        }
    }

    @Test
    void a_model_is_made_FROM_one_that_only_the_token_opens() throws Exception {
        var certificate = TestCertificate.of("hf.co", folder);
        var trust = new SystemTrust(Map.of("SSL_CERT_FILE", certificate.file().toString())).context();
        try (var secure = new FakeRegistry(certificate);
                var proxy = new ConnectProxy("hf.co", secure.address())) {
            var tokens = new ConcurrentLinkedQueue<String>();
            secure.plan(exchange -> {
                var token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                tokens.add(token);
                if (!token.equals("Bearer " + HubPullsOfTests.TOKEN)) {
                    secure.answer(exchange, 401, new byte[0]);
                    return true;
                }
                return false;
            });
            new FakeHub(secure, "me/llama-3.2").addAll(pulls.directory);
            var proxies = new EnvironmentProxies(Map.of("HTTPS_PROXY", proxy.address()));
            var request = CreationRequest.from("hf.co/me/llama-3.2");

            pulls.service(HubPullsOfTests.nothing(), trust, proxies)
                    .job(ModelName.parse("mine"), request)
                    .run(told::add);

            assertThat(tokens).isNotEmpty().containsOnly("Bearer " + HubPullsOfTests.TOKEN);
        }
        var made = pulls.store.find(ModelName.parse("mine")).orElseThrow();
        assertThat(GgufDump.of(made.modelFile())).isEqualTo(HubPullsOfTests.MODEL.expected());
        assertThat(pulls.store.find(ModelName.parse("hf.co/me/llama-3.2"))).isPresent();
        assertThat(told).filteredOn(step -> step == Step.DONE).hasSize(1);
    }

    @Test
    void nobody_but_Hugging_Face_is_told_the_token() {
        var tokens = new ConcurrentLinkedQueue<String>();
        pulls.registry.plan(exchange -> {
            tokens.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            return false;
        });

        assertThatThrownBy(() -> pulls.pull(pulls.registry.host(), "me/other", HubPullsOfTests.nothing())
                        .run(told::add))
                .isInstanceOf(RegistryFailure.class);

        assertThat(pulls.registry.requests()).isNotEmpty();
        assertThat(tokens).isEmpty();
    }
}
