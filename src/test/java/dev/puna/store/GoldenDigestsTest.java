// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.model.Digest;
import dev.puna.model.ModelFacts;
import dev.puna.model.ModelName;
import dev.puna.model.StoredMessage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The digests that the real server gave the same models, recordings 052 to 069 and 302: every byte of every layer, of the
 * configuration and of the manifest is the same. The weights are empty files of the right length, since only their names
 * and lengths go into a manifest.
 */
class GoldenDigestsTest {
    private static final Digest GEMMA =
            Digest.parse("sha256:a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818");
    private static final Digest MINILM =
            Digest.parse("sha256:3be9f307d21a2426677ff934f01d5ab9a409a49859a5da2f5b6be0a9a2bfe0b9");
    private static final Digest SMOLLM2 =
            Digest.parse("sha256:941f309b54caaad6747569ba43712bcde44a2be3bae16c3282ff499c37c54af5");

    private static final String CHAT_TEMPLATE = """
            {{- range $i, $_ := .Messages }}
            {{- $last := eq (len (slice $.Messages $i)) 1 }}
            {{- if or (eq .Role "user") (eq .Role "system") }}<start_of_turn>user
            {{ .Content }}<end_of_turn>
            {{ if $last }}<start_of_turn>model
            {{ end }}
            {{- else if eq .Role "assistant" }}<start_of_turn>model
            {{ .Content }}{{ if not $last }}<end_of_turn>
            {{ end }}
            {{- end }}
            {{- end }}""";

    private static final String TOOLS_TEMPLATE = """
            {{ if .System }}{{ .System }}
            {{ end }}{{ if .Tools }}Tools: {{ .Tools }}
            {{ end }}{{ range .Messages }}{{ .Role }}: {{ .Content }}{{ range .ToolCalls }}<tool_call>\
            {"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>{{ end }}
            {{ end }}assistant:\s""";

    @TempDir
    Path folder;

    private ModelStore store;

    @BeforeEach
    void create_the_model_that_the_others_are_made_from() throws IOException {
        store = ModelStore.open(folder);
        placeBlob(GEMMA, 253_113_024);
        create("gemma3:270m", draft -> draft.addFile(GEMMA, gemma()));
    }

    @Test
    void a_model_from_a_file() {
        assertModel("gemma3:270m", 253_113_180, "14f8ac0fb3c4d0781f89e8e94fb0f50f6074e4433c57f2974444117109948bb3");
    }

    @Test
    void a_model_with_every_kind_of_layer() {
        var statuses = create("gemma3-chat", draft -> {
            inheritGemma(draft);
            draft.template(CHAT_TEMPLATE);
            draft.system("You are a terse assistant.");
            draft.license("Gemma Terms");
            draft.license("Second licence");
            draft.parameters(Map.of(
                    "temperature",
                    0L,
                    "seed",
                    42L,
                    "stop",
                    List.of("<end_of_turn>", "<start_of_turn>"),
                    "num_ctx",
                    2048L,
                    "num_predict",
                    24L));
            draft.messages(List.of(new StoredMessage("user", "Hi"), new StoredMessage("assistant", "Hello.")));
        });

        assertThat(statuses)
                .containsExactly(
                        "using existing layer sha256:a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
                        "creating new layer sha256:e0a42594d802e5d31cdc786deb4823edb8adff66094d49de8fffe976d753e348",
                        "creating new layer sha256:0b8196193949195d77d4be7ab47d8bf1cd25cfc892cde6e859d2a7bc5dc82c92",
                        "creating new layer sha256:6d7a665d4fed43b654c2c4bf732e4a2ae97300d39ba98c5d9629aaaffe93ac05",
                        "creating new layer sha256:c3262a6f787f9955fca3ee49f7d848051d0ae3789734f944ffcd3736ddd0e58f",
                        "creating new layer sha256:87ef980fefa96ad70afc1ceb704ea680e2d92dcce5ef2b721b52b51decafa2fc",
                        "creating new layer sha256:9c1cb202c3dae98a4a91ee9c9542c04493911eb5c5392fab89b5b3fcada92f95");
        assertModel("gemma3-chat", 253_113_785, "653d4f270fc3037b4d1c2e5cd7e2917e314b8a9ade8c6af0cc66503f862df9f7");
    }

    @Test
    void models_with_another_template() {
        create("gemma3-tools", draft -> {
            inheritGemma(draft);
            draft.template(TOOLS_TEMPLATE);
        });
        create("gemma3-fim", draft -> {
            inheritGemma(draft);
            draft.template("{{ if .Suffix }}<PRE>{{ .Prompt }}<SUF>{{ .Suffix }}<MID>{{ else }}{{ .Prompt }}{{ end }}");
        });

        assertModel("gemma3-tools", 253_113_458, "67b4f41907079e3878c18dfbc9c3a5b5e0100868c201760850d757e672d56055");
        assertModel("gemma3-fim", 253_113_269, "2ae198f018cb7ae94af149f9d9dbd68609344e1e708156b407497992d0b814e3");
    }

    @Test
    void models_with_parameters_and_messages_that_make_no_sense() {
        create("badp", draft -> {
            inheritGemma(draft);
            draft.parameters(Map.of("temperature", "hot"));
        });
        create("badm", draft -> {
            inheritGemma(draft);
            draft.messages(List.of(new StoredMessage("robot", "x")));
        });

        assertModel("badp", 253_113_202, "438a0728ebf931398cecb10cac856930de9d4a27be0f41c76f264f7bfef823f5");
        assertModel("badm", 253_113_213, "298dd05d49570e5afec398888eb34ca9acce2de88848fcf4fe9ba2d81e36df5d");
    }

    @Test
    void a_model_that_is_another_under_a_new_name() {
        create("legacy", this::inheritGemma);

        assertModel("legacy", 253_113_180, "4fd8f01e14c890247fbd033662629a5c464ff5dc1270fda08efc6dbfe0b4f9f4");
        assertThat(find("legacy").parent()).contains("gemma3:270m");
    }

    @Test
    void an_embedding_model() throws IOException {
        placeBlob(MINILM, 46_226_496);

        create("all-minilm", draft -> draft.addFile(MINILM, facts("bert", 22_566_144, "F16", Optional.empty())));

        assertModel("all-minilm", 46_226_644, "c884e1418a5e7175f53e8a62633fcd37581c29dd0b393b4a2caa2af440d9bb39");
    }

    @Test
    void a_chat_model_whose_template_is_well_known() throws IOException {
        placeBlob(SMOLLM2, 98_362_432);
        var jinja = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
                + "{{ '<|im_start|>system\\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
                + "<|im_end|>\\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + "
                + "'<|im_end|>' + '\\n'}}{% endfor %}"
                + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

        var statuses = create(
                "smollm2:135m",
                draft -> draft.addFile(SMOLLM2, facts("llama", 134_515_008, "Q4_1", Optional.of(jinja))));

        assertThat(statuses)
                .containsExactly(
                        "using existing layer " + SMOLLM2,
                        "using autodetected template chatml",
                        "creating new layer sha256:f02dd72bb2423204352eabc5637b44d79d17f109fdb510a7c51455892aa2d216");
        assertThat(find("smollm2:135m").template())
                .contains("{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}"
                        + "<|im_start|>assistant\n");
        assertThat(find("smollm2:135m").parameters()).isEqualTo(Map.of("stop", List.of("<|im_start|>", "<|im_end|>")));
    }

    private void assertModel(String name, long size, String digest) {
        var model = find(name);

        assertThat(model.digest().hex()).isEqualTo(digest);
        assertThat(model.size()).isEqualTo(size);
    }

    private InstalledModel find(String name) {
        return store.find(ModelName.parse(name)).orElseThrow();
    }

    private List<String> create(String name, Consumer<ModelDraft> steps) {
        try (var draft = store.draft()) {
            steps.accept(draft);
            var statuses = draft.statuses();
            draft.save(ModelName.parse(name));
            return statuses;
        }
    }

    private void inheritGemma(ModelDraft draft) {
        draft.inherit(find("gemma3:270m"));
    }

    private static ModelFacts gemma() {
        return facts("gemma3", 268_098_176, "Q4_K_M", Optional.empty());
    }

    private static ModelFacts facts(String architecture, long parameters, String fileType, Optional<String> jinja) {
        return new ModelFacts(
                ModelFacts.Kind.MODEL,
                architecture,
                parameters,
                fileType,
                OptionalLong.of(2048),
                OptionalLong.of(64),
                OptionalLong.of(2),
                false,
                false,
                0,
                0,
                false,
                jinja);
    }

    /** A hole takes no room on the disk. */
    private void placeBlob(Digest digest, long length) throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        try (var file = new RandomAccessFile(store.path(digest).toFile(), "rw")) {
            file.setLength(length);
        }
    }
}
