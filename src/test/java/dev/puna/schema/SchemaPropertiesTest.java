// SPDX-License-Identifier: Apache-2.0
package dev.puna.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Grammars of thousands of schemas against a validator that knows nothing of us. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaPropertiesTest {
    private static final int SCHEMAS = Integer.getInteger("puna.test.schemas", 2_000);
    private static final int SAMPLES = 12;

    /** The validator divides such numbers as doubles. */
    private static final java.util.regex.Pattern BEYOND_DOUBLES =
            java.util.regex.Pattern.compile("[0-9.]{15}|[0-9][eE]");

    /** What is written more narrowly: numbers that are not whole under "not integer"; formats, which only describe elsewhere. */
    private static final List<String> OPPOSITE = List.of("not", "if", "oneOf", "format");

    /** Formats are conditions here, as they are to our grammars. */
    private static final SchemaValidatorsConfig WITH_FORMATS =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private static final List<String> COMBINING = List.of("anyOf", "dependentRequired", "minProperties");

    private final Random random = new Random(Long.getLong("puna.test.seed", 11));
    private final JsonSchemaFactory validators = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    @Test
    @Timeout(300)
    void what_a_grammar_lets_through_is_valid_and_what_is_valid_is_let_through() {
        var schemas = new RandomSchemas(random);
        int held = 0;
        int changed = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            var schema = schemas.next();
            GrammarText grammar;
            try {
                grammar = new GrammarText(SchemaGrammar.of(schema, "#").rules());
            } catch (InvalidRequest refused) {
                continue;
            }
            held++;
            var validator = validators.getSchema(schema, WITH_FORMATS);
            for (int j = 0; j < SAMPLES; j++) {
                var text = grammar.sample(random);
                assertThat(grammar.accepts(text))
                        .as("%s takes its own %s", schema, text)
                        .isTrue();
                if (BEYOND_DOUBLES.matcher(text).find()) {
                    continue;
                }
                var value = read(text);
                assertThat(validator.validate(value))
                        .as("%s allows %s", schema, text)
                        .isEmpty();
                changed += takesChanged(schema, validator, grammar, value) ? 1 : 0;
            }
        }
        assertThat(held).as("schemas that have a grammar").isGreaterThan(SCHEMAS / 2);
        assertThat(changed).as("samples that were changed and stayed valid").isGreaterThan(SCHEMAS / 4);
    }

    /** A value with one leaf changed: if it is still valid, the grammar must take it. False if it is not. */
    private boolean takesChanged(JsonNode schema, JsonSchema validator, GrammarText grammar, JsonNode value) {
        var other = changed(value);
        if (BEYOND_DOUBLES.matcher(other.toString()).find()
                || other.equals(value)
                || !validator.validate(other).isEmpty()
                || mayBeClosed(schema, value)) {
            return false;
        }
        assertThat(grammar.accepts(other.toString()))
                .as("%s allows %s, as it does %s", schema, other, value)
                .isTrue();
        return true;
    }

    /**
     * An object or a list is written as one alternative says; a validator lets it be in another, which may not speak of its type.
     * Of properties that nobody describes one counts for the fewest.
     */
    private static boolean mayBeClosed(JsonNode schema, JsonNode value) {
        boolean combining = COMBINING.stream().anyMatch(keyword -> schema.findValue(keyword) != null);
        boolean opposite = OPPOSITE.stream().anyMatch(keyword -> schema.findValue(keyword) != null);
        return opposite || (combining && value.toString().matches("(?s).*[{\\[].*"));
    }

    private JsonNode changed(JsonNode value) {
        if (value.isTextual()) {
            return TextNode.valueOf(changed(value.asText()));
        }
        if (value.isNumber()) {
            var by = value.isIntegralNumber() ? BigDecimal.valueOf(random.nextInt(-3, 4)) : new BigDecimal("0.25");
            var sum = value.decimalValue().add(by);
            return sum.precision() > 15 || sum.abs().compareTo(BigDecimal.valueOf(1_000_000_000)) > 0
                    ? value
                    : DecimalNode.valueOf(
                            new BigDecimal(sum.stripTrailingZeros().toPlainString()));
        }
        if (value instanceof ArrayNode array && !array.isEmpty()) {
            var copy = array.deepCopy();
            int at = random.nextInt(copy.size());
            copy.set(at, changed(copy.get(at)));
            return copy;
        }
        if (value instanceof ObjectNode object && !object.isEmpty()) {
            var copy = object.deepCopy();
            var names =
                    copy.properties().stream().map(java.util.Map.Entry::getKey).toList();
            var name = names.get(random.nextInt(names.size()));
            if (random.nextBoolean()) {
                copy.remove(name);
            } else {
                copy.set(name, changed(copy.get(name)));
            }
            return copy;
        }
        return value;
    }

    private String changed(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> text + "a";
            case 1 -> text.isEmpty() ? "b" : text.substring(text.offsetByCodePoints(0, 1));
            case 2 -> "é" + text;
            default -> text + "1";
        };
    }

    private static JsonNode read(String text) {
        try {
            return Schemas.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
