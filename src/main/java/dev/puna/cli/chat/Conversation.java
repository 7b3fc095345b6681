// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.ServerJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been said, with which model and under which settings. Used by one thread. */
final class Conversation {
    private static final Set<String> MEDIA_CAPABILITIES = Set.of("vision", "audio");

    private final List<Map<String, Object>> turns = new ArrayList<>();
    private final Map<String, Object> options = new LinkedHashMap<>();
    private String model;
    private String system = "";
    private RunOptions runOptions;
    private boolean sees;

    Conversation(String model, RunOptions runOptions) {
        this.model = requireNonNull(model, "model is null");
        this.runOptions = requireNonNull(runOptions, "runOptions is null");
    }

    String model() {
        return model;
    }

    RunOptions runOptions() {
        return runOptions;
    }

    void change(RunOptions newOptions) {
        runOptions = newOptions;
    }

    String system() {
        return system;
    }

    /** Options that are sent with every request, over the model's own. */
    Map<String, Object> options() {
        return options;
    }

    /** Whether paths of images in what is asked stand for these. */
    boolean sees() {
        return sees;
    }

    /** Learns from the server's {@code show} what the model can do. */
    void learn(ServerJson facts) {
        sees = facts.list("capabilities").stream().map(ServerJson::text).anyMatch(MEDIA_CAPABILITIES::contains);
    }

    /**
     * Goes on with another model and forgets what was said.
     *
     * @param facts what the server's {@code show} says of it
     */
    void use(String newModel, ServerJson facts) {
        model = newModel;
        learn(facts);
        clear();
    }

    /** What the model is told from now on, in the place where it was told before. */
    void instruct(String text) {
        system = text;
        var turn = turn("system", text);
        if (!turns.isEmpty() && "system".equals(turns.getLast().get("role"))) {
            turns.set(turns.size() - 1, turn);
        } else {
            turns.add(turn);
        }
    }

    void clear() {
        turns.clear();
        if (!system.isEmpty()) {
            turns.add(turn("system", system));
        }
    }

    /** Asks a question, with its images if it has any. */
    void ask(Attachments asked) {
        var turn = turn("user", asked.text());
        if (!asked.images().isEmpty()) {
            turn.put("images", asked.images());
        }
        turns.add(turn);
    }

    /** Keeps what the model said, however far it came; a question that got no answer at all is taken back. */
    void answer(String content, String thinking) {
        if (content.isEmpty() && thinking.isEmpty()) {
            turns.removeLast();
            return;
        }
        var turn = turn("assistant", content);
        if (!thinking.isEmpty()) {
            turn.put("thinking", thinking);
        }
        turns.add(turn);
    }

    /** Adds a turn that the model starts every chat with. */
    void begin(ServerJson message) {
        turns.add(turn(message.text("role"), message.text("content")));
    }

    Map<String, Object> request() {
        var request = runOptions.request(model);
        request.put("messages", List.copyOf(turns));
        if (!options.isEmpty()) {
            request.put("options", options);
        }
        return request;
    }

    /** The request that makes a model of this conversation. */
    Map<String, Object> saved(String name) {
        var request = new LinkedHashMap<String, Object>();
        request.put("model", name);
        request.put("from", model);
        if (!system.isEmpty()) {
            request.put("system", system);
        }
        if (!options.isEmpty()) {
            request.put("parameters", options);
        }
        var said = turns.stream()
                .filter(turn -> !"system".equals(turn.get("role")))
                .map(Conversation::withoutImages)
                .toList();
        if (!said.isEmpty()) {
            request.put("messages", said);
        }
        return request;
    }

    /** A model remembers what was said, but not what was shown. */
    private static Map<String, Object> withoutImages(Map<String, Object> turn) {
        var said = new LinkedHashMap<>(turn);
        said.remove("images");
        return said;
    }

    private static Map<String, Object> turn(String role, String content) {
        var turn = new LinkedHashMap<String, Object>();
        turn.put("role", role);
        turn.put("content", content);
        return turn;
    }
}
