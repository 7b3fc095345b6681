// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.puna.support.ConnectProxy;
import dev.puna.support.FakeRegistry;
import dev.puna.support.ServedProgram;
import dev.puna.support.TestCertificate;
import dev.puna.support.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the guides to Ollama, against the packaged program, a real model, and a registry in the place of Ollama's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SeedsIT {
    @TempDir
    static Path home;

    private static FakeRegistry registry;
    private static ConnectProxy proxy;
    private static ServedProgram served;
    private static Follower follower;

    @BeforeAll
    static void serve() throws Exception {
        var certificate = TestCertificate.of("registry.ollama.ai", Files.createDirectory(home.resolve("tls")));
        registry = new FakeRegistry(certificate);
        for (var tag : List.of("latest", "1b", "1.7b")) {
            registry.model(tag, Files.readAllBytes(TestModels.smolLm2()));
        }
        proxy = new ConnectProxy("registry.ollama.ai", registry.address());
        served = ServedProgram.start(
                home,
                Map.of(
                        "HTTPS_PROXY",
                        proxy.address(),
                        "SSL_CERT_FILE",
                        certificate.file().toString()));
        follower = new Follower(served, home);
    }

    @AfterAll
    static void end() throws IOException {
        follower.close();
        served.close();
        proxy.close();
        registry.close();
    }

    /** Counted by hand in the guides; the fourth has two fences with six and with three commands. */
    @Test
    void no_example_is_lost() throws IOException {
        var guides = Guide.all();

        assertThat(guides).extracting(Guide::number).containsExactly("000", "001", "002", "003", "004");
        assertThat(guides).extracting(Guide::fences).containsExactly(11, 34, 6, 12, 10);
        assertThat(guides).extracting(guide -> guide.examples().size()).containsExactly(11, 34, 6, 19, 10);
        assertThat(examples()).extracting(Example::name).containsAll(Plans.names());
    }

    @TestFactory
    Stream<DynamicTest> every_example_does_what_its_guide_says() throws IOException {
        return examples().stream()
                .map(example -> dynamicTest(example.name() + " " + example.heading(), () -> follow(example)));
    }

    private static void follow(Example example) throws Exception {
        try {
            follower.prepare(example);
            follower.follow(example, Plans.of(example));
        } catch (AssertionError e) {
            throw new AssertionError(example + ": " + e.getMessage(), e);
        }
    }

    private static List<Example> examples() throws IOException {
        return Guide.all().stream().flatMap(guide -> guide.examples().stream()).toList();
    }
}
