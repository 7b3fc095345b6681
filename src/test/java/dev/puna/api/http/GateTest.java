// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GateTest {
    private final List<String> passed = new ArrayList<>();
    private final EdgeRequest request = new EdgeRequest(untouched(), "/api/tags", Optional.empty(), Caller.NOBODY, "");

    @Test
    void gates_are_passed_in_their_order() {
        enter(open("a"), open("b"), open("c"));

        assertThat(passed).containsExactly("a", "b", "c", "resource");
    }

    @Test
    void what_a_gate_refuses_reaches_no_other() {
        enter(open("a"), (_, _) -> passed.add("refused"), open("c"));

        assertThat(passed).containsExactly("a", "refused");
    }

    @Test
    void a_gate_may_let_a_request_on_later() {
        var waiting = new ArrayList<Runnable>();
        enter(open("a"), (_, on) -> waiting.add(on), open("c"));
        assertThat(passed).containsExactly("a");

        waiting.getFirst().run();
        assertThat(passed).containsExactly("a", "c", "resource");
    }

    @Test
    void a_request_without_a_route_is_nobodys_and_told_errors_in_a_sentence() {
        assertThat(request.methods()).isEmpty();
        assertThat(request.errors().body(new ErrorResponse(404, "not found"))).isEqualTo(new ErrorBody("not found"));
    }

    private void enter(Gate... gates) {
        Gate.inOrder(List.of(gates)).enter(request, () -> passed.add("resource"));
    }

    private Gate open(String name) {
        return (_, on) -> {
            passed.add(name);
            on.run();
        };
    }

    private static RoutingContext untouched() {
        return (RoutingContext) Proxy.newProxyInstance(
                GateTest.class.getClassLoader(), new Class<?>[] {RoutingContext.class}, (_, method, _) -> {
                    throw new AssertionError("no gate here asks for " + method);
                });
    }
}
