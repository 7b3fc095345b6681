// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import dev.puna.conversion.ConversionCase;
import dev.puna.gguf.Gguf;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.model.ModelName;
import dev.puna.model.StoredMessage;
import dev.puna.modelfile.Instruction;
import dev.puna.modelfile.Modelfile;
import dev.puna.store.InstalledModel;
import dev.puna.store.ModelStore;
import dev.puna.support.TestGguf;
import dev.puna.support.TestModels;
import dev.puna.support.TestServer;
import dev.puna.support.TinyGguf;
import dev.puna.support.TinyLora;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /api/create} makes of weights: written in another type, with an adapter, from several files. */
@QuarkusTest
@Tag("quarkus")
@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class CreationRoutesTest {
    @Inject
    ModelStore store;

    @TempDir
    Path folder;

    private Digest weights = Digest.of(new byte[0]);

    @BeforeEach
    void one_model() {
        store.list().forEach(model -> store.delete(model.name()));
        weights = put(TinyGguf.llama(1).toArray());
        create("{'model':'tiny','files':{'a.gguf':'" + weights + "'},'stream':false}")
                .statusCode(200);
    }

    @Test
    void parameters_as_text_become_what_they_mean_or_are_refused_before_anything_is_done() {
        create("{'model':'x','from':'tiny','stream':false,'parameters':{'num_ctx':'8192','stop':'a'}}")
                .statusCode(200);
        assertThat(store.find(ModelName.parse("x")).orElseThrow().parameters())
                .containsEntry("num_ctx", 8192L)
                .containsEntry("stop", List.of("a"));

        create("{'model':'y','from':'tiny','parameters':{'num_ctx':'many'}}")
                .statusCode(400)
                .body("error", equalTo("option \"num_ctx\" must be of type integer"));
    }

    @Test
    void what_a_model_can_do_may_be_said_and_is_checked() {
        create("{'model':'x','from':'tiny','stream':false,'capabilities':['tools','vision']}")
                .statusCode(200);
        create("{'model':'y','stream':false,'modelfile':'FROM tiny\\nCAPABILITY insert'}")
                .statusCode(200);
        create("{'model':'z','from':'x','stream':false}").statusCode(200);

        show("x")
                .body("capabilities", contains("tools", "vision", "completion"))
                .body("modelfile", containsString("\nCAPABILITY tools\nCAPABILITY vision\n"));
        show("y").body("capabilities", contains("insert", "completion"));
        show("z").body("capabilities", contains("tools", "vision", "completion"));
        create("{'model':'q','from':'tiny','capabilities':['flying']}")
                .statusCode(400)
                .body("error", equalTo("unknown capability: \"flying\""));
        create("{'model':'q','list':['tiny','x']}")
                .statusCode(400)
                .body("error", equalTo("this server makes no lists of manifests: leave out 'list'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q8_0", "Q4_K", "q4_k_s", "bf16", "F16"})
    void weights_are_written_in_the_type_asked_for(String type) {
        TestModels.nativeLibraries();

        var statuses = create("{'model':'small','from':'tiny','quantize':'" + type + "'}")
                .statusCode(200)
                .extract()
                .asString();

        var small = find("small");
        var layer = small.manifest().layers(MediaTypes.MODEL).getFirst();
        assertThat(statuses).containsSubsequence("verifying conversion", "creating new layer " + layer.digest());
        assertThat(layer.from()).isEmpty();
        assertThat(small.config().fileType()).startsWithIgnoringCase(type.equals("Q4_K") ? "Q4_K_M" : type);
        assertThat(small.config().modelType()).isEqualTo(find("tiny").config().modelType());
        assertThat(Gguf.read(small.modelFile()).facts().fileType())
                .isEqualTo(small.config().fileType());
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void the_type_that_weights_have_leaves_them_as_they_are() {
        create("{'model':'same','from':'tiny','quantization':'f32','stream':false}")
                .statusCode(200);

        assertThat(find("same").modelFile()).isEqualTo(find("tiny").modelFile());
    }

    @Test
    void weights_that_were_quantised_once_are_not_quantised_again() {
        TestModels.nativeLibraries();
        create("{'model':'small','from':'tiny','quantize':'q8_0','stream':false}")
                .statusCode(200);

        create("{'model':'smaller','from':'small','quantize':'q4_K_M'}")
                .statusCode(500)
                .body("error", equalTo("quantization is only supported for F16, BF16 and F32 models"));
        create("{'model':'smaller','from':'tiny','quantize':'q9_0'}")
                .statusCode(500)
                .body(
                        "error",
                        equalTo(
                                "unsupported quantization type Q9_0 - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0"));
        create("{'model':'smaller','from':'tiny','quantize':'iq2_xxs'}")
                .statusCode(400)
                .body("error", containsString("IQ2_XXS needs an importance matrix"));
    }

    @Test
    void a_model_may_be_replaced_by_its_own_quantisation() {
        TestModels.nativeLibraries();
        var before = find("tiny").modelFile();

        create("{'model':'tiny','from':'tiny','quantize':'q8_0','stream':false}")
                .statusCode(200);

        assertThat(find("tiny").config().fileType()).isEqualTo("Q8_0");
        assertThat(before).doesNotExist();
    }

    @Test
    void an_adapter_is_kept_and_shown_and_inherited() {
        var adapter = put(TinyLora.fitting(1).toArray());

        var statuses = create("{'model':'adapted','from':'tiny','adapters':{'a.gguf':'" + adapter + "'}}")
                .statusCode(200)
                .extract()
                .asString();
        create("{'model':'child','from':'adapted','system':'Hi','stream':false}")
                .statusCode(200);

        assertThat(statuses).contains("parsing GGUF", "using existing layer " + adapter);
        assertThat(find("adapted").adapters()).containsExactly(store.path(adapter));
        assertThat(find("child").adapters()).containsExactly(store.path(adapter));
        assertThat(find("tiny").adapters()).isEmpty();
        show("adapted").body("modelfile", containsString("ADAPTER " + store.path(adapter)));
    }

    @Test
    void several_adapters_are_kept_in_the_order_of_their_names() {
        var first = put(TinyLora.fitting(1).text("general.name", "tone").toArray());
        var second = put(TinyLora.fitting(2).toArray());

        create("{'model':'two','from':'tiny','stream':false,'adapters':{'b.gguf':'" + second + "','a.gguf':'" + first
                        + "'}}")
                .statusCode(200);

        assertThat(find("two").adapters()).containsExactly(store.path(first), store.path(second));
        show("two")
                .body("adapters.id", contains(0, 1))
                .body("adapters.name", contains("tone", second.toString()))
                .body("adapters.digest", contains(first.toString(), second.toString()));
        show("tiny").body("adapters", nullValue());
    }

    @Test
    void an_adapter_among_the_files_belongs_to_their_model() {
        var adapter = put(TinyLora.fitting(1).toArray());

        create("{'model':'x','files':{'a.gguf':'" + adapter + "','m.gguf':'" + weights + "'},'stream':false}")
                .statusCode(200);

        assertThat(find("x").adapters()).containsExactly(store.path(adapter));
    }

    @Test
    void an_adapter_that_does_not_fit_is_refused_and_nothing_is_made() {
        var adapter =
                put(TinyLora.header("qwen2").tensor("x", new long[] {1}, 1).toArray());
        var files = "{'a.gguf':'" + adapter + "'}";
        var other = put(TinyLora.fitting(2).toArray());

        create("{'model':'x','from':'tiny','stream':false,'adapters':" + files + "}")
                .statusCode(400)
                .body("error", startsWith("the adapter does not fit the model: it is made for models of"));
        create("{'model':'x','from':'tiny','stream':false,'adapters':{'a.gguf':'" + weights + "'}}")
                .statusCode(400)
                .body("error", equalTo("the adapter does not fit the model: it is no adapter"));
        create("{'model':'x','files':" + files + ",'stream':false}")
                .statusCode(400)
                .body("error", equalTo("an adapter needs a model that it changes"));
        create("{'model':'x','from':'tiny','stream':false,'adapters':{'a.gguf':'" + adapter + "','b.gguf':'" + other
                        + "'}}")
                .statusCode(400)
                .body("error", startsWith("the adapter does not fit the model: it is made for models of"));
        create("{'model':'x','from':'tiny','stream':false,'adapters':{'a.safetensors':'" + adapter + "'}}")
                .statusCode(400);
        given().get("/api/tags").then().body("models.name", not(hasItem("x:latest")));
    }

    @Test
    void the_parts_of_a_split_model_become_one_file_if_all_are_there() throws IOException {
        var parts = parts();

        create("{'model':'x','stream':false,'files':{'b.gguf':'" + parts.getFirst() + "','a.gguf':'" + parts.getLast()
                        + "'}}")
                .statusCode(200);

        assertThat(find("x").modelFiles()).containsExactly(find("tiny").modelFile());
        create("{'model':'y','stream':false,'files':{'b.gguf':'" + parts.getFirst() + "'}}")
                .statusCode(400)
                .body("error", equalTo("the model is split over 2 files, of which 1 came: part 2 of 2 is missing"));
    }

    @Test
    void a_split_model_is_quantised_as_the_whole_one_is() throws IOException {
        TestModels.nativeLibraries();
        var parts = parts();

        create("{'model':'x','stream':false,'quantize':'q8_0','files':{'b':'" + parts.getFirst() + "','a':'"
                        + parts.getLast() + "'}}")
                .statusCode(200);
        create("{'model':'y','stream':false,'quantize':'q8_0','from':'tiny'}").statusCode(200);

        assertThat(find("x").modelFiles()).containsExactly(find("y").modelFile());
    }

    @Test
    void parts_of_different_models_are_refused() throws IOException {
        var parts = parts();
        TinyGguf.split(2, folder.resolve("c"), folder.resolve("d"));
        var foreign = TinyGguf.headerOnly()
                .uint16("split.no", 1)
                .uint16("split.count", 2)
                .int32("split.tensors.count", 20)
                .toArray();

        create("{'model':'x','stream':false,'files':{'a':'" + parts.getFirst() + "','b':'" + put(foreign) + "'}}")
                .statusCode(400)
                .body("error", startsWith("the parts of the split model hold"));
    }

    @Test
    void a_model_in_safetensors_is_converted_and_quantised() throws IOException {
        TestModels.nativeLibraries();
        var directory = new ConversionCase("llama-3.2").writeBelow(folder);
        var files = new ArrayList<String>();
        try (var paths = Files.walk(directory)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                files.add("'" + directory.relativize(path) + "':'" + put(Files.readAllBytes(path)) + "'");
            }
        }

        var statuses = create("{'model':'x','quantize':'q8_0','files':{" + String.join(",", files) + "}}")
                .statusCode(200)
                .extract()
                .asString();

        assertThat(statuses)
                .contains("{\"status\":\"converting model\",\"digest\":\"0000000000000000000\",\"total\":")
                .endsWith("{\"status\":\"success\"}\n");
        assertThat(Gguf.read(find("x").modelFile()).facts().fileType()).isEqualTo("Q8_0");
        show("x")
                .body("details.family", equalTo("llama"))
                .body("template", containsString("start_header_id"))
                .body("parameters", containsString("temperature"));
    }

    @Test
    void a_draft_is_kept_as_a_layer_of_its_own() {
        TestModels.nativeLibraries();

        create("{'model':'x','from':'tiny','stream':false,'draft_quantize':'q8_0','draft_files':{'d.gguf':'" + weights
                        + "'}}")
                .statusCode(200);
        create("{'model':'y','from':'tiny','stream':false,'draft_files':{'d.gguf':'" + weights + "'}}")
                .statusCode(200);

        assertThat(find("y").drafts()).containsExactly(store.path(weights));
        assertThat(Gguf.read(find("x").drafts().getFirst()).facts().fileType()).isEqualTo("Q8_0");
        show("y").body("modelfile", containsString("DRAFT " + store.path(weights)));
    }

    @Test
    void a_projector_among_the_files_gives_the_model_sight_and_is_shown() {
        var projector = put(new TestGguf()
                .text("general.type", "projector")
                .text("general.architecture", "clip")
                .bool("clip.has_vision_encoder", true)
                .uint32("clip.vision.embedding_length", 8)
                .tensor("v.x", new long[] {2}, 1, 2)
                .toArray());

        create("{'model':'x','stream':false,'files':{'a.gguf':'" + projector + "','m.gguf':'" + weights + "'}}")
                .statusCode(200);

        show("x")
                .body("capabilities", contains("completion", "vision"))
                .body("projector_info.'general.architecture'", equalTo("clip"))
                .body("projector_info.'general.parameter_count'", equalTo(2))
                .body("projector_info.'clip.vision.embedding_length'", equalTo(8))
                .body("details.families", contains("llama", "clip"))
                .body("modelfile", containsString("FROM " + store.path(projector)));
        show("tiny").body("projector_info", nullValue());
    }

    @Test
    void an_old_modelfile_field_says_the_same_as_the_fields_of_today() {
        var adapter = put(TinyLora.fitting(1).toArray());
        var modelfile = "FROM ./m.gguf\\nADAPTER @" + adapter
                + "\\nSYSTEM S\\nTEMPLATE T{{ .Prompt }}\\nLICENSE L\\nPARAMETER stop a\\nPARAMETER stop b\\nPARAMETER top_k 3"
                + "\\nMESSAGE user Hi\\n";

        create("{'model':'x','stream':false,'files':{'m.gguf':'" + weights + "'},'parameters':{'top_k':4},'modelfile':'"
                        + modelfile + "'}")
                .statusCode(200);
        create("{'model':'y','stream':false,'modelfile':'FROM tiny\\nSYSTEM old','system':'new'}")
                .statusCode(200);
        create("{'model':'z','stream':false,'modelfile':'FROM @" + weights + "'}")
                .statusCode(200);

        var model = find("x");
        assertThat(model.adapters()).containsExactly(store.path(adapter));
        assertThat(model.system()).contains("S");
        assertThat(model.template()).contains("T{{ .Prompt }}");
        assertThat(model.licenses()).containsExactly("L");
        assertThat(model.parameters())
                .containsEntry("stop", List.of("a", "b"))
                .extractingByKey("top_k")
                .hasToString("4");
        assertThat(model.messages()).containsExactly(new StoredMessage("user", "Hi"));
        assertThat(find("y").system()).contains("new");
        assertThat(find("z").modelFile()).isEqualTo(find("tiny").modelFile());
    }

    /** Each would be a file: a body of a megabyte made tens of thousands of them. */
    @Test
    void licenses_without_number_are_refused_wherever_they_stand() {
        var refusal = "too many licenses: 1025 (at most 1024)";

        create("{'model':'x','from':'tiny','license':[" + "'a',".repeat(1024) + "'a']}")
                .statusCode(400)
                .body("error", equalTo(refusal));
        create("{'model':'x','modelfile':'FROM tiny\\n" + "LICENSE a\\n".repeat(1025) + "'}")
                .statusCode(400)
                .body("error", equalTo(refusal));
    }

    @Test
    void a_shown_modelfile_reads_as_what_was_made() {
        create(
                        "{'model':'x','from':'tiny','stream':false,'parameters':{'stop':[' a ','b\\nc'],'temperature':0.25,'seed':-3},"
                                + "'messages':[{'role':'user','content':'one\\ntwo'}],'license':['A','B'],"
                                + "'system':'Say \\\"hi\\\"\\n  twice ','template':'{{ .Prompt }}\\n','requires':'0.14.0'}")
                .statusCode(200);

        var shown = show("x").extract().<String>path("modelfile");

        assertThat(Modelfile.parse(shown).instructions())
                .contains(
                        new Instruction.SystemPrompt("Say \"hi\"\n  twice "),
                        new Instruction.Template("{{ .Prompt }}\n"),
                        new Instruction.Parameter("stop", " a "),
                        new Instruction.Parameter("stop", "b\nc"),
                        new Instruction.Parameter("temperature", "0.25"),
                        new Instruction.Parameter("seed", "-3"),
                        new Instruction.License("A"),
                        new Instruction.License("B"),
                        new Instruction.Message("user", "one\ntwo"));
    }

    private List<Digest> parts() throws IOException {
        var first = folder.resolve("a");
        var second = folder.resolve("b");
        TinyGguf.split(1, first, second);
        return List.of(put(Files.readAllBytes(first)), put(Files.readAllBytes(second)));
    }

    private static List<String> unfinished() {
        try (var files = Files.list(TestServer.models().resolve("blobs"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("unfinished"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private InstalledModel find(String name) {
        return store.find(ModelName.parse(name)).orElseThrow();
    }

    private static Digest put(byte[] content) {
        var digest = Digest.of(content);
        given().body(content).post("/api/blobs/" + digest).then().statusCode(oneOf(200, 201));
        return digest;
    }

    /** A single quote stands for a double one. */
    private static ValidatableResponse create(String body) {
        return given().body(body.replace('\'', '"')).post("/api/create").then();
    }

    private static ValidatableResponse show(String model) {
        return given().body("{\"model\":\"" + model + "\"}")
                .post("/api/show")
                .then()
                .statusCode(200);
    }
}
