// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.puna.engine.FinishReason;
import dev.puna.engine.OutputFormat;
import dev.puna.support.TinyGguf;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a model that has learnt nothing: whatever in them is right, the grammar has seen to it. */
@Tag("engine")
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaAnswersTest {
    private static final int SCHEMAS = 300;
    private static final int DEEPEST = 3;

    /** Stands for bytes that make no character, which this model writes like any others, and which count as several. */
    private static final char NO_CHARACTER = '\uFFFD';

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(20_26);

    @Test
    @Timeout(300)
    void nonsense_in_the_form_of_a_schema_satisfies_it(@TempDir Path folder) throws Exception {
        var validators = JsonSchemaFactory.getInstance(VersionFlag.V202012);
        var whole = 0;
        try (var engine = EngineTests.load(TinyGguf.llama(3).writeTo(folder.resolve("model.gguf")), 2048, 1)) {
            for (var i = 0; i < SCHEMAS; i++) {
                var schema = object(0);
                schema.putObject("$defs").set("shared", value(DEEPEST));
                var question = EngineTests.raw("Answer: ")
                        .seed(i)
                        .tokens(2_000)
                        .format(new OutputFormat.Schema(schema.toString()));

                var answer = EngineTests.ask(engine, question.request());

                assertThat(answer.finished().reason()).as("%s", schema).isEqualTo(FinishReason.STOP);
                if (answer.text().indexOf(NO_CHARACTER) >= 0) {
                    continue;
                }
                whole++;
                assertThat(validators.getSchema(schema).validate(JSON.readTree(answer.text())))
                        .as("%s answers %s", schema, answer.text())
                        .isEmpty();
            }
        }
        assertThat(whole).as("answers without broken characters").isGreaterThan(SCHEMAS / 2);
    }

    private ObjectNode object(int depth) {
        var schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        var properties = schema.putObject("properties");
        var required = schema.putArray("required");
        for (var i = 0; i <= random.nextInt(3); i++) {
            var name = "p" + i;
            properties.set(name, value(depth + 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        return schema;
    }

    private ObjectNode value(int depth) {
        var schema = JSON.createObjectNode();
        switch (random.nextInt(depth < DEEPEST ? 12 : 8)) {
            case 0 -> text(schema);
            case 1 -> bounds(schema.put("type", "integer"), 1);
            case 2 -> bounds(schema.put("type", "number"), 0.25);
            case 3 -> schema.put("type", random.nextBoolean() ? "boolean" : "null");
            case 4 -> schema.putArray("enum").add("red").add(7).addNull().add(random.nextInt());
            case 5 -> schema.put("const", "always " + random.nextInt(10));
            case 6 -> schema.put("type", "string").put("pattern", pattern());
            case 7 -> schema.put("type", "string").put("format", random.nextBoolean() ? "date" : "uuid");
            case 8 -> schema.put("$ref", "#/$defs/shared");
            case 9 -> schema.putArray("anyOf").add(value(depth + 1)).add(value(depth + 1));
            case 10 -> list(schema, depth);
            default -> {
                return object(depth);
            }
        }
        return schema;
    }

    private void text(ObjectNode schema) {
        var least = random.nextInt(4);
        schema.put("type", "string").put("minLength", least).put("maxLength", least + random.nextInt(8));
    }

    private void bounds(ObjectNode schema, double unit) {
        var least = random.nextInt(-200, 200);
        var most = least + 1 + random.nextInt(300);
        if (random.nextInt(4) > 0) {
            schema.put(random.nextBoolean() || unit == 1 ? "minimum" : "exclusiveMinimum", number(least, unit));
        }
        if (random.nextInt(4) > 0) {
            schema.put(random.nextBoolean() || unit == 1 ? "maximum" : "exclusiveMaximum", number(most, unit));
        }
    }

    private static BigDecimal number(int count, double unit) {
        return BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(unit)).stripTrailingZeros();
    }

    private String pattern() {
        return switch (random.nextInt(8)) {
            case 0 -> "^[a-c]{2,4}$";
            case 1 -> "^(yes|no|may be)$";
            case 2 -> "^[A-Z][a-z]{1,5}-[0-9]{3}$";
            case 3 -> "^\\d{2}(?:\\.\\d{1,2})?$";
            case 4 -> "^[ -~]{3}$";
            case 5 -> "^.{2}[^a-z]\\w\\s\\S$";
            case 6 -> "^[\\w.-]{1,4}@\\w{1,3}\\.(com|org)$";
            default -> "^[A-z]{2}$";
        };
    }

    private void list(ObjectNode schema, int depth) {
        schema.put("type", "array").set("items", value(depth + 1));
        var least = random.nextInt(3);
        schema.put("minItems", least).put("maxItems", least + random.nextInt(3));
    }
}
