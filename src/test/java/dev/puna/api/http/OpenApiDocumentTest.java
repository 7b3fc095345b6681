// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.api.http.OpenApiDocument.Operation;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The description is one by OpenAPI 3.1, and says of every route what goes in and what comes out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenApiDocumentTest {
    private static final List<String> WITHOUT_ERRORS =
            List.of("GET /", "GET /api/version", "GET /api/ps", "GET /api/tags");

    private final OpenApiDocument document = OpenApiDocument.read();

    OpenApiDocumentTest() throws IOException {}

    static Stream<Operation> operations() throws IOException {
        return OpenApiDocument.read().operations().stream();
    }

    @Test
    void the_document_names_its_version_and_itself() {
        assertThat(document.root().path("openapi").asText()).startsWith("3.1.");
        assertThat(document.root().at("/info/title").asText()).isNotEmpty();
        assertThat(document.root().at("/info/version").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void each_operation_says_what_it_is_for_and_what_it_answers(Operation operation) {
        var description = operation.description();
        var tags = document.root().path("tags").findValuesAsText("name");

        assertThat(description.path("summary").asText())
                .as("openapi.yaml: summary of " + operation)
                .isNotEmpty();
        assertThat(tags)
                .as("openapi.yaml: tags of " + operation)
                .contains(description.at("/tags/0").asText());
        assertThat(description.path("responses").has("200"))
                .as("openapi.yaml: response 200 of " + operation)
                .isTrue();
        if (!WITHOUT_ERRORS.contains(operation.toString())) {
            assertThat(description.at("/responses/default/$ref").asText())
                    .as("openapi.yaml: default response of " + operation + ", the error of its dialect")
                    .startsWith("#/components/responses/");
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void each_body_has_an_example_that_its_schema_takes(Operation operation) {
        var body = operation.body();
        if (body.isMissingNode()) {
            return;
        }
        assertThat(body.has("example"))
                .as("openapi.yaml: example beside the schema of the body of " + operation)
                .isTrue();
        assertThat(document.violations(body.path("schema"), body.path("example")))
                .as(operation.toString())
                .isEmpty();
        assertThat(document.unnamed(body.path("schema"), body.path("example")))
                .as("fields of the example of " + operation + " that its schema lacks")
                .isEmpty();
    }

    @Test
    void every_reference_leads_somewhere_and_every_component_is_used() {
        var references = document.references();
        for (var reference : references) {
            assertThat(document.root().at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        for (var kind : List.of("schemas", "responses")) {
            document.root().path("components").path(kind).fieldNames().forEachRemaining(name -> assertThat(references)
                    .contains("#/components/%s/%s".formatted(kind, name)));
        }
    }

    @Test
    void every_schema_is_one() {
        var schemas = document.root().findValues("schema");
        document.root().at("/components/schemas").forEach(schemas::add);

        assertThat(schemas).hasSizeGreaterThan(40).allSatisfy(schema -> assertThat(OpenApiDocument.mistakes(schema))
                .as(schema.toString())
                .isEmpty());
    }
}
