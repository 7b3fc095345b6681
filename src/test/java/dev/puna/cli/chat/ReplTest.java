// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.cli.FakeServer;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.network.SystemTrust;
import dev.puna.settings.HostAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class ReplTest {
    private static final RunOptions OPTIONS =
            new RunOptions(Optional.empty(), Optional.empty(), Optional.empty(), false, false, false);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ScriptedInput user = new ScriptedInput();
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.streams("POST /api/generate", "{\"done\":true,\"done_reason\":\"load\"}");
        answer("Hello", " there.");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_conversation_goes_on_until_bye() {
        talk(user.types("Hi", "", "And you?", "/bye", "never read"));

        assertThat(out.toString()).isEqualTo("Hello there.\n\nHello there.\n\n");
        assertThat(messages()).isEqualTo("""
                [{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello there."},\
                {"role":"user","content":"And you?"}]""");
        assertThat(user.isClosed()).isTrue();
    }

    @Test
    void images_go_with_their_turns_if_the_model_sees(@TempDir Path folder) throws IOException {
        var cat = Files.write(folder.resolve("cat.png"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});

        talk(
                user.types("what is " + cat, "and now?", "/bye"),
                ServerJson.read("{\"capabilities\":[\"vision\"]}").orElseThrow());

        assertThat(messages()).isEqualTo("""
                [{"role":"user","content":"what is","images":["/9j/"]},{"role":"assistant","content":"Hello there."},\
                {"role":"user","content":"and now?"}]""");
        assertThat(err.toString()).contains("Added image '" + cat + "'");
    }

    @Test
    void ctrl_d_ends_it_and_ctrl_c_at_the_prompt_tells_how() {
        talk(user.pressesCtrlC());

        assertThat(out.toString()).isEqualTo("\nUse Ctrl + d or /bye to exit.\n\n");
    }

    @Test
    void ctrl_c_ends_the_answer_and_the_server_notices() throws Exception {
        var begun = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        server.on("POST /api/chat", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var line = "{\"message\":{\"role\":\"assistant\",\"content\":\"word \"}}\n".getBytes(UTF_8);
            try {
                for (var count = 0; count < 100_000; count++) {
                    exchange.getResponseBody().write(line);
                    exchange.getResponseBody().flush();
                    begun.countDown();
                    Thread.sleep(1);
                }
            } catch (IOException e) {
                gone.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        talk(user.interruptsAnswerAfter(begun).types("Tell me a story", "/bye"));

        assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void what_was_said_before_ctrl_c_stays_part_of_the_conversation() {
        var conversation = new Conversation("m", OPTIONS);
        conversation.ask(new Attachments("one", List.of()));
        conversation.answer("half an ans", "");
        conversation.ask(new Attachments("two", List.of()));
        conversation.answer("", "");

        assertThat(ServerJson.write(conversation.request()))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"one\"},"
                        + "{\"role\":\"assistant\",\"content\":\"half an ans\"}]}");
    }

    @Test
    void triple_quotes_hold_several_lines_together() {
        talk(user.types("\"\"\"first", "second", "third\"\"\""));

        assertThat(user.prompts()).containsExactly(">>> ", "... ", "... ", ">>> ");
        assertThat(messages()).isEqualTo("[{\"role\":\"user\",\"content\":\"first\\nsecond\\nthird\"}]");
    }

    @Test
    void settings_reach_the_next_request() {
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\",\"thinking\"]}");
        talk(user.types(
                "/set system \"\"\"Be",
                "brief.\"\"\"",
                "/set parameter temperature 0.5",
                "/set parameter stop a b",
                "/set format json",
                "/set think low",
                "/set nohistory",
                "Hi"));

        assertThat(server.last("POST /api/chat").json())
                .isEqualTo(ServerJson.read("""
                {"model":"m","format":"json","think":"low","messages":[{"role":"system","content":"Be\\nbrief."},
                {"role":"user","content":"Hi"}],"options":{"temperature":0.5,"stop":["a","b"]}}""").orElseThrow());
        assertThat(user.remembers()).isFalse();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).startsWith("""
                Set system message.
                Set parameter 'temperature' to '0.5'
                Set parameter 'stop' to 'a, b'
                Set format to 'json' mode.
                Set 'think' mode to 'low'.
                """);
    }

    @Test
    void a_model_that_cannot_think_is_told_of_but_asked_all_the_same() {
        server.on("POST /api/show", 200, "{\"capabilities\":[\"completion\"]}");

        talk(user.types("/set think", "Hi"));

        assertThat(err.toString()).isEqualTo("warning: model \"m\" does not support thinking output\n");
        assertThat(out.toString()).startsWith("Set 'think' mode.\n");
        assertThat(server.last("POST /api/chat").json().flag("think")).isTrue();
    }

    @Test
    void a_mistake_is_told_and_the_conversation_goes_on() {
        server.on("POST /api/show", 200, "{}");
        talk(user.types(
                "/set parameter temperature hot",
                "/frobnicate",
                "/set nosuch",
                "/show nosuch",
                "/set format xml",
                "Hi",
                "/bye"));

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("Couldn't set parameter: \"invalid float value [hot]\"\n")
                .contains("Unknown command '/frobnicate'. Type /? for help\n")
                .contains("Unknown command '/set nosuch'. Type /? for help\n")
                .contains("Unknown command '/show nosuch'. Type /? for help\n")
                .contains("Invalid or missing format. For 'json' mode use '/set format json'\n")
                .endsWith("Hello there.\n\n");
    }

    @Test
    void a_server_error_is_told_and_the_question_taken_back() {
        server.on("POST /api/chat", 500, "{\"error\":\"busy\"}");

        talk(user.types("Hi"));

        assertThat(err.toString()).isEqualTo("Error: 500 Internal Server Error: busy\n");
    }

    @Test
    void clear_forgets_what_was_said_but_not_the_system_message() {
        talk(user.types("/set system Be brief.", "Hi", "/clear", "Hello"));

        assertThat(messages()).isEqualTo("""
                [{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]""");
    }

    @Test
    void another_model_can_be_loaded_and_the_conversation_saved() {
        server.on("POST /api/show", 200, "{}").streams("POST /api/create", "{\"status\":\"success\"}");

        talk(user.types("/load other", "Hi", "/save mine"));

        assertThat(server.last("POST /api/chat").json().text("model")).isEqualTo("other");
        assertThat(server.last("POST /api/create").json())
                .isEqualTo(ServerJson.read("""
                {"model":"mine","from":"other","messages":[{"role":"user","content":"Hi"},
                {"role":"assistant","content":"Hello there."}]}""").orElseThrow());
        assertThat(out.toString()).contains("Loading model 'other'\n").contains("Created new model 'mine'\n");
    }

    @Test
    void show_prints_parts_of_the_model() {
        server.on("POST /api/show", 200, ServerJson.write(Map.of("license", "MIT", "parameters", "num_ctx 10")));

        talk(user.types(
                "/show license",
                "/show template",
                "/set parameter temperature 1",
                "/set parameter top_p 0.5",
                "/set parameter stop a b",
                "/show parameters",
                "/show"));

        assertThat(out.toString()).startsWith("""
                MIT
                No prompt template was specified for this model.
                Set parameter 'temperature' to '1'
                Set parameter 'top_p' to '0.5'
                Set parameter 'stop' to 'a, b'
                Model defined parameters:
                  num_ctx 10

                User defined parameters:
                  temperature                    1
                  top_p                          0.5
                  stop                           [a b]

                Available Commands:
                  /show info\s""");
    }

    @Test
    void a_model_with_turns_of_its_own_begins_with_them() {
        talk(user.types("Hi"), ServerJson.read("""
                {"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""").orElseThrow());

        assertThat(out.toString()).startsWith(">>> Q\nA\n\n");
        assertThat(messages()).startsWith("[{\"role\":\"user\",\"content\":\"Q\"},{\"role\":\"assistant\",");
    }

    @Test
    void with_verbose_timings_follow_the_answer() {
        server.streams(
                "POST /api/chat",
                "{\"message\":{\"content\":\"x\"},\"done\":true,\"eval_count\":24,\"eval_duration\":365171000}");

        talk(user.types("/set verbose", "Hi", "/set quiet"));

        assertThat(err.toString()).isEqualTo("""
                eval count:           24 token(s)
                eval duration:        365.171ms
                eval rate:            65.72 tokens/s
                """);
    }

    @Test
    void a_path_at_the_start_of_a_line_is_no_command() {
        assertThat(SlashCommands.isOne("/home/me/x.png what is this?")).isFalse();
        assertThat(SlashCommands.isOne("/?")).isTrue();
        assertThat(SlashCommands.isOne("/help set")).isTrue();
    }

    private void talk(ScriptedInput input) {
        talk(input, new ServerJson(Map.of()));
    }

    private void talk(ScriptedInput input, ServerJson facts) {
        var streams = new Streams(new PrintWriter(out), new PrintWriter(err), 0, 0);
        var puna = new PunaServer(HostAddress.parse("127.0.0.1:" + server.port()), new SystemTrust(Map.of()));
        new Repl(puna, streams, input).talk("m", OPTIONS, facts);
        streams.out().flush();
    }

    private String messages() {
        return ServerJson.write(server.last("POST /api/chat").json().at("messages"));
    }

    private void answer(String... pieces) {
        var lines = Stream.of(pieces)
                .map(piece -> ServerJson.write(Map.of("message", Map.of("role", "assistant", "content", piece))))
                .toArray(String[]::new);
        server.streams("POST /api/chat", lines);
    }
}
