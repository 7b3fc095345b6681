// SPDX-License-Identifier: Apache-2.0
package dev.puna.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Tag("quarkus")
@DisplayNameGeneration(ReplaceUnderscores.class)
class HealthRoutesTest {
    @Test
    void a_server_that_takes_work_is_ready_and_alive() {
        given().get("/q/health")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.name", hasItems("ready for work", "scheduler"));
    }

    @Test
    void what_goes_on_at_the_moment_is_measured() {
        var text = given().get("/q/metrics").then().statusCode(200).extract().asString();

        assertThat(text)
                .containsPattern("(?m)^puna_queue_length \\d")
                .containsPattern("(?m)^puna_models_loaded \\d")
                .containsPattern("(?m)^puna_sequences_active \\d");
    }

    @Test
    void the_routes_describe_themselves() {
        given().accept("application/json")
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .body(startsWith("# SPDX"));
    }
}
