// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.puna.failure.RegistryFailure;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.registry.access.WebFiles;
import dev.puna.support.SharedVertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebFilesTest {
    private static final byte[] CONTENT = {1, 2, 3, 4};

    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;
    private final RegistryAccess access;

    WebFilesTest(@TempDir Path folder) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/file", 200, "");
        answer("/missing", 404, "");
        answer("/again", 302, "/file");
        answer("/round", 302, "/round");
        answer("/elsewhere", 302, "http://127.0.0.2:9/file");
        answer("/odd", 302, "file:///etc/passwd");
        server.start();
        access = new RegistryAccess(
                new RegistryAccess.Network(
                        SharedVertx::get,
                        Optional::empty,
                        ProxySelector::getDefault,
                        folder.resolve("key"),
                        folder.resolve("docker"),
                        HostRules.NONE,
                        Optional.empty()),
                Duration.ofSeconds(5),
                "0.40.2");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_host_that_is_named_may_be_of_this_machine() throws IOException {
        var files = access.files(List.of("127.0.0.1"));

        assertThat(files.get(uri("/file"), 4)).containsExactly(CONTENT);
        assertThat(files.get(uri("/again"), 4)).containsExactly(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.0.0.1"})
    void a_star_does_not_reach_into_private_networks(String pattern) {
        var files = access.files(List.of(pattern));

        assertThatThrownBy(() -> files.get(uri("/file"), 4))
                .isInstanceOf(RegistryFailure.class)
                .hasMessage("127.0.0.1 is in a private network");
        assertThat(asked).hasValue(0);
    }

    @Test
    void redirects_stay_within_the_rules() {
        var files = access.files(List.of("127.0.0.1:" + server.getAddress().getPort()));

        assertThatThrownBy(() -> files.get(uri("/elsewhere"), 4)).hasMessage("127.0.0.2 may not be asked");
        assertThatThrownBy(() -> files.get(uri("/odd"), 4)).hasMessage("this is no address of a web server");
        assertThatThrownBy(() -> files.get(uri("/round"), 4)).hasMessage("stopped after 5 redirects");
    }

    @Test
    void what_is_too_long_or_not_there_is_no_file() {
        var files = access.files(List.of("127.0.0.1"));

        assertThatThrownBy(() -> files.get(uri("/file"), 3)).hasMessage("the file has more than 3 bytes");
        assertThatThrownBy(() -> files.get(uri("/missing"), 4)).hasMessage("the server answered with the status 404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a.example/x", "file:///etc/passwd", "http:///x", "https:x", "//a.example/x", ""})
    void other_addresses_are_refused_by_their_text(String address) {
        WebFiles files = access.files(List.of("*"));

        assertThatThrownBy(() -> files.check(URI.create(address))).hasMessage("this is no address of a web server");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answer(String path, int status, String location) {
        server.createContext(path, exchange -> {
            asked.incrementAndGet();
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().add("Location", location);
            }
            exchange.sendResponseHeaders(status, status == 200 ? CONTENT.length : -1);
            if (status == 200) {
                exchange.getResponseBody().write(CONTENT);
            }
            exchange.close();
        });
    }
}
