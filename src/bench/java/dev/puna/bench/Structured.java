// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.nio.file.Path;
import java.util.List;

/** What it costs to decode JSON by a schema: tokens a second over sixteen schemas, beside those of free text. */
final class Structured {

    private static final int TOKENS = 96;

    /** What the lists are made of that are asked for, each long enough for all tokens. */
    private static final List<String> ITEMS = List.of(
            "{\"type\":\"integer\"}",
            "{\"type\":\"integer\",\"minimum\":-20,\"maximum\":4711}",
            "{\"type\":\"boolean\"}",
            "{\"enum\":[\"red\",\"green\",\"blue\",\"yellow\"]}",
            "{\"type\":\"string\",\"maxLength\":12}",
            "{\"type\":\"string\",\"pattern\":\"^[a-z]{3,8}$\"}",
            "{\"type\":\"string\",\"format\":\"date\"}",
            "{\"type\":\"string\",\"format\":\"uuid\"}",
            "{\"type\":[\"string\",\"null\"],\"maxLength\":8}",
            "{\"anyOf\":[{\"type\":\"integer\"},{\"enum\":[\"none\",\"many\"]}]}",
            "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":4}",
            object("\"name\":{\"type\":\"string\",\"maxLength\":10}", "\"name\""),
            object("\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"boolean\"}", "\"a\",\"b\""),
            object("\"kind\":{\"const\":\"point\"},\"x\":{\"type\":\"integer\"}", "\"kind\",\"x\""),
            object("\"in\":" + object("\"deep\":{\"type\":\"boolean\"}", "\"deep\""), "\"in\""),
            object("\"p\":{\"type\":\"string\",\"maxLength\":6},\"q\":{\"type\":\"integer\"}", "\"p\""));

    private Structured() {}

    static void schemas(Setting setting, String name, Path model, ResultTable table) throws Exception {
        var ours = new Samples();
        var theirs = new Samples();
        var freely = new Samples();
        var theirsFreely = new Samples();
        try (var puna = PunaUnderTest.startWith(setting, model);
                var llama = LlamaServer.start(setting, model, List.of("-np", "1", "-c", "4096"))) {
            puna.generate(Prompts.story(), TOKENS);
            llama.generate(Prompts.story(), TOKENS);
            for (var item : ITEMS) {
                var schema = "{\"type\":\"array\",\"minItems\":90,\"items\":" + item + "}";
                freely.add(puna.generate(Prompts.story(), TOKENS).perSecond());
                theirsFreely.add(llama.generate(Prompts.story(), TOKENS).perSecond());
                ours.add(puna.generate("A list: ", TOKENS, schema).perSecond());
                theirs.add(llama.generate("A list: ", TOKENS, schema).perSecond());
            }
        }
        table.row(name + ": by 16 schemas, tokens/s", ours, "llama-server", theirs);
        table.row(name + ": by schema / freely", ours.ratiosTo(freely).median());
        table.row(
                name + ": by schema / freely, llama-server",
                theirs.ratiosTo(theirsFreely).median());
    }

    private static String object(String properties, String required) {
        return "{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[" + required
                + "],\"additionalProperties\":false}";
    }
}
