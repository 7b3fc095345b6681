// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.anthropic.AnthropicApi;
import dev.puna.api.http.access.CleanPath;
import dev.puna.api.ollama.OllamaApi;
import dev.puna.api.openai.OpenAiApi;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoutesTest {
    private static final Map<Class<? extends Annotation>, String> METHODS =
            Map.of(GET.class, "GET", HEAD.class, "HEAD", POST.class, "POST", DELETE.class, "DELETE");

    private final Routes routes = new Routes(List.of(new OllamaApi(), new OpenAiApi(), new AnthropicApi()));

    @Test
    void the_table_of_routes_and_the_resources_say_the_same() throws Exception {
        var resources = new TreeMap<String, Set<String>>();
        for (var type : resourceClasses()) {
            for (var method : type.getDeclaredMethods()) {
                collect(type.getAnnotation(Path.class), method, resources);
            }
        }
        resources.keySet().removeIf(Routes::isOperational);

        var table = new TreeMap<String, Set<String>>();
        routes.all().forEach(route -> table.put(route.path(), withoutImpliedHead(route.methods())));

        assertThat(resources).isEqualTo(table);
    }

    @Test
    void allow_names_methods_in_the_recorded_order() {
        assertThat(routes.methods("/api/tags")).containsExactly("HEAD", "GET");
        assertThat(routes.methods("/api/blobs/sha256:00")).containsExactly("HEAD", "POST");
    }

    @Test
    void names_of_models_may_have_slashes() {
        for (var path : List.of("/v1/models/a", "/v1/models/a/b", "/v1/models/hf.co/a/b:Q4_K_M", "/v1/models/a%2Fb")) {
            assertThat(routes.methods(path)).as(path).containsExactly("GET");
        }
        for (var path : List.of("/v1/models/", "/v1/modelsx", "/v1", "/v1/models/a/")) {
            assertThat(routes.methods(path)).as(path).isEmpty();
        }
    }

    @Test
    void paths_are_matched_exactly() {
        for (var path : List.of("/API/tags", "/api", "/api/", "/api/blobs/", "/api/blobs/a/b", "/api/tagsx", "", "*")) {
            assertThat(routes.methods(path)).as(path).isEmpty();
        }
    }

    @Test
    void each_api_brings_its_routes_its_headers_and_its_errors() {
        var other = new HttpApi() {
            private record Problem(int code) {}

            @Override
            public List<Route> routes() {
                return List.of(Route.of("/other", "PUT"), Route.ofStreams("/other/files/", "POST"));
            }

            @Override
            public List<String> requestHeaders() {
                return List.of("X-Other", "Openai-Beta");
            }

            @Override
            public ErrorShape errors() {
                return error -> new Problem(error.status());
            }
        };
        var both = new Routes(List.of(new OllamaApi(), new OpenAiApi(), new AnthropicApi(), other));
        var error = new ErrorResponse(404, "not here");

        assertThat(both.methods("/other")).containsExactly("PUT");
        assertThat(both.methods("/other/files/a")).containsExactly("POST");
        assertThat(both.methods("/api/ps")).containsExactly("GET");
        assertThat(both.requestHeaders()).isEqualTo(routes.requestHeaders() + ",X-Other");
        assertThat(both.find("/other").orElseThrow().api().errors().body(error).toString())
                .isEqualTo("Problem[code=404]");
        assertThat(both.find("/api/ps").orElseThrow().api().errors().body(error))
                .isEqualTo(new ErrorBody("not here"));
    }

    @Test
    void pages_may_send_what_ollama_lets_them_send_and_packages_of_anthropic_need() {
        assertThat(routes.requestHeaders())
                .isEqualTo("Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,"
                        + "X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,"
                        + "X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,"
                        + "X-Stainless-Retry-Count,X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout,"
                        + "X-Api-Key,Anthropic-Version,Anthropic-Beta,Anthropic-Dangerous-Direct-Browser-Access");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/api/tags, /api/tags",
        "/api/tags/, /api/tags/",
        "//api/tags, /api/tags",
        "/api//tags, /api/tags",
        "/./api/tags, /api/tags",
        "/api/x/../tags, /api/tags",
        "/../../api/tags/, /api/tags/",
        "//, /",
        "//evil.example/.., /",
        "/api/.hidden, /api/.hidden",
        "api, /api"
    })
    void untidy_paths_become_tidy_ones(String path, String clean) {
        assertThat(CleanPath.of(path)).isEqualTo(clean);
    }

    private static List<Class<?>> resourceClasses() throws Exception {
        var root = java.nio.file.Path.of(
                Routes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var resources = new ArrayList<Class<?>>();
        try (var files = Files.walk(root.resolve("dev/puna/api"))) {
            for (var file : files.filter(path -> path.toString().endsWith("Resource.class"))
                    .toList()) {
                var name = root.relativize(file).toString().replace('/', '.');
                resources.add(Class.forName(name.substring(0, name.length() - ".class".length())));
            }
        }
        return resources;
    }

    private static void collect(Path prefix, Method method, Map<String, Set<String>> resources) {
        var suffix = method.getAnnotation(Path.class);
        var path = suffix == null ? prefix.value() : prefix.value() + suffix.value();
        var fixed = path.contains("{") ? path.substring(0, path.indexOf('{')) : path;
        METHODS.forEach((annotation, name) -> {
            if (method.isAnnotationPresent(annotation)) {
                resources.computeIfAbsent(fixed, _ -> new TreeSet<>()).add(name);
            }
        });
    }

    /** JAX-RS answers HEAD wherever there is GET. */
    private static Set<String> withoutImpliedHead(List<String> methods) {
        var names = new TreeSet<>(methods);
        if (names.contains("GET")) {
            names.remove("HEAD");
        }
        return names;
    }
}
