// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import dev.puna.support.TestModels;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What holds for every attack: memory stays bounded and the server still serves. */
abstract class BadInputTest {
    @TestHTTPResource("/")
    URI address;

    ServerUnderTest server = new ServerUnderTest(URI.create("http://127.0.0.1"));

    private PeakMemory memory = new PeakMemory();

    @BeforeAll
    static void only_with_native_libraries() {
        TestModels.nativeLibraries();
    }

    @BeforeEach
    void arm() {
        server = new ServerUnderTest(address).armed();
        memory = new PeakMemory();
    }

    @AfterEach
    void the_server_still_serves() {
        memory.staysBounded();
        server.stillServes();
        server.close();
    }
}
