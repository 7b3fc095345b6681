// SPDX-License-Identifier: Apache-2.0
package dev.puna;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.puna.support.FakeRegistry;
import dev.puna.support.ServedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that is pulled, pushed under another name with an interruption, and pulled from there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PushIT {
    private static final int PART = 67_108_864;
    private static final int LENGTH = 70_000_000;

    private final FakeRegistry source = new FakeRegistry();
    private final FakeRegistry target = new FakeRegistry();
    private final AtomicBoolean stops = new AtomicBoolean(true);

    @TempDir
    Path home;

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    @Test
    void an_interrupted_push_goes_on_and_the_model_comes_back() throws Exception {
        var weights = new byte[LENGTH];
        new Random(5).nextBytes(weights);
        var digest = source.model("latest", weights).getFirst();
        target.plan(exchange -> stops.get() && isSecondPart(exchange) && stop());
        var pulled = source.host() + "/me/model";
        var pushed = target.host() + "/me/model";

        try (var served = ServedProgram.start(home)) {
            assertThat(served.puna().run("pull", "--insecure", pulled).exitCode())
                    .isZero();
            assertThat(served.puna().run("cp", pulled, pushed).exitCode()).isZero();
            var push = served.puna().start("push", "--insecure", pushed);
            awaitSecondPart();
            push.signal("TERM");
            var interrupted = push.end();
            assertThat(interrupted.exitCode()).isEqualTo(143);
            assertThat(interrupted.errors())
                    .contains("puna: interrupted; 'puna push " + pushed + "' goes on from there");
            stops.set(false);
            var before = target.uploads().received();

            var ended = served.puna().run("push", "--insecure", pushed);

            assertThat(ended.exitCode()).as(ended.errors()).isZero();
            assertThat(ended.errors())
                    .startsWith("retrieving manifest\n")
                    .contains("pushing " + digest.shortText() + " 100%\n")
                    .endsWith("pushing manifest\nsuccess\n");
            assertThat(target.uploads().received() - before).isLessThan(LENGTH - PART + 10_000);
            assertThat(served.puna().run("rm", pulled, pushed).exitCode()).isZero();
            assertThat(served.puna().run("pull", "--insecure", pushed).exitCode())
                    .isZero();
            assertThat(home.resolve(".ollama/models/blobs").resolve(digest.fileName()))
                    .hasBinaryContent(weights);
            assertThat(served.puna()
                            .run("push", "--insecure", "nobody/has:this")
                            .errors())
                    .contains("couldn't retrieve manifest\n", "Error: open ", "no such file or directory");
        }
    }

    private static boolean isSecondPart(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Content-Range"))
                .startsWith(PART + "-");
    }

    /** Says nothing until it is told to go on, and then nothing either. */
    private boolean stop() throws IOException {
        for (var i = 0; i < 600 && stops.get(); i++) {
            sleep();
        }
        return true;
    }

    private void awaitSecondPart() {
        for (var i = 0; i < 600; i++) {
            if (target.requests().stream()
                            .filter(request -> request.startsWith("PATCH"))
                            .count()
                    >= 3) {
                return;
            }
            sleep();
        }
        throw new AssertionError("nothing was sent: " + target.requests());
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
