// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.registry.access.HostRules;
import dev.puna.registry.access.RegistryAccess;
import dev.puna.support.SharedVertx;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkedImagesTest {
    private final LinkedImages images;

    LinkedImagesTest(@TempDir Path folder) {
        var network = new RegistryAccess.Network(
                SharedVertx::get,
                Optional::empty,
                ProxySelector::getDefault,
                folder.resolve("key"),
                folder.resolve("docker"),
                HostRules.NONE,
                Optional.empty());
        var access = new RegistryAccess(network, Duration.ofSeconds(5), "0.40.2");
        images = new LinkedImages(access.files(List.of("*.example", "127.0.0.1:9")));
    }

    @Test
    void addresses_outside_the_rules_are_refused_with_the_setting_that_says_so() {
        assertThatCode(() -> images.check("https://a.example/cat.png")).doesNotThrowAnyException();
        assertThatThrownBy(() -> images.check("https://evil.test/cat.png"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("the image could not be fetched: evil.test may not be asked"
                        + " (PUNA_IMAGE_HOSTS of this server says where images may come from)");
        assertThatThrownBy(() -> images.check("https://a b/")).hasMessageContaining("no address of a web server");
    }

    @Test
    void a_host_where_nobody_is_is_the_mistake_of_whoever_asks() {
        assertThatThrownBy(() -> images.fetch("http://127.0.0.1:9/cat.png"))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("the image could not be fetched: ")
                .hasMessageContaining("refused");
    }
}
