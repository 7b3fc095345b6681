// SPDX-License-Identifier: Apache-2.0
package dev.puna.contract.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.NativeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are small on the wire and large in memory are each answered in the words of the API, one by one and several at once. */
@QuarkusTest
@Tag("quarkus")
@TestProfile(NativeEngineProfile.class)
@Timeout(300)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpandingBodiesTest extends BadInputTest {
    private static final int AT_ONCE = 4;

    @Test
    void hundreds_of_them_on_every_route() throws Exception {
        besiege(new ExpandingBodies(11, 30_000), 400);
    }

    @Test
    void some_of_a_megabyte() throws Exception {
        besiege(new ExpandingBodies(12, 1_000_000), 60);
    }

    private void besiege(ExpandingBodies bodies, int count) throws Exception {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var i = 0; i < count; i++) {
            var body = bodies.next();
            tasks.add(() -> isServed(body));
        }
        try (var executor = Executors.newFixedThreadPool(AT_ONCE)) {
            var served = 0;
            for (var answered : executor.invokeAll(tasks)) {
                served += answered.get() ? 1 : 0;
            }
            assertThat(served).as("bodies that make sense").isGreaterThan(count / 10);
        }
    }

    /** Whether it was; a refusal is as good, if it is one of the API. */
    private boolean isServed(ExpandingBodies.Body body) {
        var reply = server.send(body.method(), body.path(), body.json().getBytes(UTF_8));
        assertThat(reply.status())
                .as(() -> body.start() + " -> " + reply.body())
                .isIn(200, 400, 404, 413, 500, 501, 503);
        assertThat(reply.body())
                .as(body::start)
                .doesNotContain("Exception", "dev.puna", "java.", "com.fasterxml", "\\tat ");
        return reply.status() == 200;
    }
}
