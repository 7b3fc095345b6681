// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.puna.failure.InvalidRequest;
import dev.puna.model.AdapterScales;
import dev.puna.model.Digest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Which adapters a request means, and what is said when it means none that there is. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ModelAdaptersTest {
    private static final Digest LAST = Digest.parse("sha256:" + "ab12".repeat(16));
    private static final ModelAdapters MODEL = new ModelAdapters(
            List.of(one("tone", "1"), one("style", "2"), new ModelAdapters.One(LAST.text(), LAST), one("style", "4")));

    @Test
    void an_adapter_is_named_by_its_name_its_digest_or_its_place() {
        assertThat(scales("tone")).isEqualTo(factors(1, 0, 0, 0));
        assertThat(scales(0L, "ab12")).isEqualTo(factors(1, 0, 1, 0));
        assertThat(scales("sha256:ab12ab", "1")).isEqualTo(factors(0, 1, 1, 0));
        assertThat(scales(LAST.text())).isEqualTo(factors(0, 0, 1, 0));
        assertThat(scales(Map.of("id", 3L, "scale", 0.5))).isEqualTo(factors(0, 0, 0, 0.5f));
        assertThat(scales(Map.of("name", "tone", "scale", new BigDecimal("-0.25")), Map.of("id", 1)))
                .isEqualTo(factors(-0.25f, 1, 0, 0));
    }

    @Test
    void an_empty_list_means_none_and_all_of_them_are_what_is_usual() {
        assertThat(scales()).isEqualTo(factors(0, 0, 0, 0));
        assertThat(scales(0, 1, 2, 3).all()).isTrue();
        assertThat(scales(0, 1, 2, Map.of("id", 3, "scale", 0)).all()).isFalse();
        assertThat(scales(Map.of("id", 0, "scale", -0.0))).isEqualTo(scales());
    }

    @Test
    void what_names_no_adapter_is_refused_with_those_that_there_are() {
        refused(
                "this model has no adapter \"nosuch\"; this model has 0 (\"tone\"), 1 (\"style\"), 2 (\"sha256:ab",
                "nosuch");
        refused("no adapter with the id 4; ", 4);
        refused("no adapter with the id -1; ", Map.of("id", -1L));
        refused("no adapter with the id 0.5; ", 0.5);
        refused("names \"style\", which several adapters are called: say by its \"id\" which is meant; ", "style");
        refused("no adapter \"sha256:\"; ", "sha256:");
        refused("no adapter \"\"; ", "");
        refused("lists 0 (\"tone\") twice; ", "tone", Map.of("id", 0));
        refused("…\"; this model has 0", "x".repeat(10_000));
    }

    @Test
    void what_is_no_scale_or_no_list_is_refused() {
        for (var scale : new Object[] {"1", true, 11, -10.5, Double.NaN, new BigDecimal("1e999"), List.of()}) {
            refused("has a \"scale\" that is not a number from -10 to 10; ", Map.of("id", 0, "scale", scale));
        }
        refused("has an entry that names no adapter; ", true);
        refused("has an entry that names no adapter; ", Map.of("scale", 1));
        refused("has an entry that names no adapter; ", List.of("tone"));
        refused("both \"name\" and \"id\"; ", Map.of("id", 0, "name", "tone"));
        refused("\"name\" is no text or whose \"id\" is no number; ", Map.of("id", "0"));
        refused("but not of \"weight\"; ", Map.of("id", 0, "weight", 1));
        for (var list : new Object[] {"tone", 0, true, Map.of("tone", 1)}) {
            assertThatThrownBy(() -> MODEL.scales(list))
                    .isInstanceOf(InvalidRequest.class)
                    .hasMessageStartingWith("option \"adapters\" must be an array of names, or of objects with");
        }
    }

    @Test
    void a_model_without_adapters_says_so() {
        var none = new ModelAdapters(List.of());

        assertThat(none.scales(List.of()).all()).isTrue();
        assertThatThrownBy(() -> none.scales(List.of("tone")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("this model has no adapters, so option \"adapters\" can only be left out or empty");
    }

    private static void refused(String part, Object... entries) {
        assertThatThrownBy(() -> scales(entries))
                .isInstanceOfSatisfying(InvalidRequest.class, refusal -> assertThat(refusal.field())
                        .isEqualTo("adapters"))
                .hasMessageContaining(part)
                .hasMessageContaining("this model has 0 (\"tone\")")
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(600));
    }

    private static AdapterScales scales(Object... entries) {
        return MODEL.scales(List.of(entries));
    }

    private static AdapterScales factors(float first, float second, float third, float fourth) {
        return new AdapterScales(List.of(first, second, third, fourth));
    }

    private static ModelAdapters.One one(String name, String content) {
        return new ModelAdapters.One(name, Digest.of(content.getBytes(UTF_8)));
    }
}
