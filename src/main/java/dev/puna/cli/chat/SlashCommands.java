// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.chat;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.ModelDetailsView;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoFloat;
import dev.puna.modelfile.Parameters;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a line that begins with a slash does in a conversation. Source: contract 5. */
final class SlashCommands {
    private static final Set<String> NAMES =
            Set.of("/set", "/show", "/load", "/save", "/list", "/clear", "/help", "/?", "/bye", "/exit");

    private final PunaServer server;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Conversation conversation;
    private final LineInput input;

    SlashCommands(PunaServer server, Streams streams, Conversation conversation, LineInput input) {
        this.server = requireNonNull(server, "server is null");
        this.out = streams.out();
        this.err = streams.err();
        this.conversation = requireNonNull(conversation, "conversation is null");
        this.input = requireNonNull(input, "input is null");
    }

    /** Whether the line is meant as a command; a path of a file is not. */
    static boolean isOne(String line) {
        var first = line.strip().split("\\s", 2)[0];
        return NAMES.contains(first) || (first.startsWith("/") && first.indexOf('/', 1) < 0 && first.indexOf('.') < 0);
    }

    void run(String line) {
        var words = List.of(line.strip().split("\\s+"));
        switch (words.getFirst()) {
            case "/set" -> set(words, line.strip());
            case "/show" -> show(words.size() > 1 ? words.get(1) : "");
            case "/load" -> load(only(words, "/load <model>"));
            case "/save" -> save(only(words, "/save <model>"));
            case "/list" -> list();
            case "/clear" -> {
                conversation.clear();
                out.println("Cleared session context");
            }
            case "/help", "/?" -> out.print(SlashHelp.of(words.size() > 1 ? words.get(1) : ""));
            default -> unknown(words.getFirst());
        }
    }

    private void unknown(String command) {
        out.println("Unknown command '" + command + "'. Type /? for help");
    }

    private void set(List<String> words, String line) {
        var runOptions = conversation.runOptions();
        switch (words.size() > 1 ? words.get(1) : "") {
            case "verbose" -> change(runOptions.withTimings(true), "Set 'verbose' mode.");
            case "quiet" -> change(runOptions.withTimings(false), "Set 'quiet' mode.");
            case "wordwrap" -> change(runOptions.withWrappedWords(true), "Set 'wordwrap' mode.");
            case "nowordwrap" -> change(runOptions.withWrappedWords(false), "Set 'nowordwrap' mode.");
            case "history" -> input.remember(true);
            case "nohistory" -> input.remember(false);
            case "think" -> {
                var level = words.size() > 2 ? words.get(2) : "true";
                var wanted = RunOptions.think(level);
                warnIfItCannotThink(level);
                change(
                        runOptions.withThink(wanted),
                        "Set 'think' mode" + (words.size() > 2 ? " to '" + level + "'." : "."));
            }
            case "nothink" -> change(runOptions.withThink(Optional.of(false)), "Set 'nothink' mode.");
            case "format" -> setFormat(words);
            case "noformat" -> change(runOptions.withFormat(Optional.empty()), "Disabled format.");
            case "parameter" -> setParameter(words);
            case "system" -> setSystem(line);
            case "" -> out.print(SlashHelp.of("set"));
            default -> unknown("/set " + words.get(1));
        }
    }

    private void change(RunOptions runOptions, String said) {
        conversation.change(runOptions);
        out.println(said);
    }

    private void warnIfItCannotThink(String level) {
        var facts = server.post("/api/show", Map.of("model", conversation.model()));
        if (!level.equals("false")
                && facts.list("capabilities").stream().map(ServerJson::text).noneMatch("thinking"::equals)) {
            err.println("warning: model \"" + conversation.model() + "\" does not support thinking output");
            err.flush();
        }
    }

    private void setFormat(List<String> words) {
        if (words.size() == 3 && words.get(2).equals("json")) {
            change(conversation.runOptions().withFormat(RunOptions.format("json")), "Set format to 'json' mode.");
        } else {
            out.println("Invalid or missing format. For 'json' mode use '/set format json'");
        }
    }

    private void setParameter(List<String> words) {
        if (words.size() < 4) {
            out.print(SlashHelp.of("parameter"));
            return;
        }
        var values = words.subList(3, words.size());
        try {
            addParameter(words.get(2), values);
        } catch (InvalidRequest refused) {
            out.println("Couldn't set parameter: \"" + refused.text() + "\"");
            return;
        }
        out.println("Set parameter '" + words.get(2) + "' to '" + String.join(", ", values) + "'");
    }

    private void addParameter(String name, List<String> values) {
        if (name.equals("stop")) {
            conversation.options().remove("stop");
            values.forEach(value -> Parameters.add(conversation.options(), "stop", value));
        } else {
            Parameters.add(conversation.options(), name, values.getFirst());
        }
    }

    private void setSystem(String line) {
        var text = line.replaceFirst("^/set\\s+system\\s*", "");
        if (text.isEmpty()) {
            out.print(SlashHelp.of("set"));
            return;
        }
        conversation.instruct(
                text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                        ? text.substring(1, text.length() - 1)
                        : text);
        out.println("Set system message.");
    }

    private void show(String what) {
        if (what.isEmpty()) {
            out.print(SlashHelp.of("show"));
            return;
        }
        var model = server.post("/api/show", Map.of("model", conversation.model()));
        switch (what) {
            case "info" -> out.print(ModelDetailsView.of(model, false));
            case "license" -> tell(model.text("license"), "No license was specified for this model.");
            case "modelfile" -> tell(model.text("modelfile"), "No Modelfile is known for this model.");
            case "parameters" -> showParameters(model);
            case "system" ->
                tell(
                        conversation.system().isEmpty() ? model.text("system") : conversation.system(),
                        "No system message was specified for this model.");
            case "template" -> tell(model.text("template"), "No prompt template was specified for this model.");
            default -> unknown("/show " + what);
        }
    }

    private void tell(String text, String nothing) {
        out.println(text.isEmpty() ? nothing : text);
    }

    private void showParameters(ServerJson model) {
        var own = model.text("parameters");
        if (own.isEmpty() && conversation.options().isEmpty()) {
            out.println("No additional parameters were specified for this model.");
            return;
        }
        if (!own.isEmpty()) {
            out.println("Model defined parameters:\n" + own.indent(2));
        }
        if (!conversation.options().isEmpty()) {
            out.println("User defined parameters:");
            conversation.options().forEach((name, value) -> out.printf("  %-30s %s%n", name, asGoPrints(value)));
            out.println();
        }
    }

    private static String asGoPrints(Object value) {
        return switch (value) {
            case List<?> values -> "[" + values.stream().map(String::valueOf).collect(Collectors.joining(" ")) + "]";
            case Double number -> GoFloat.plain(number);
            default -> value.toString();
        };
    }

    private void load(String model) {
        out.println("Loading model '" + model + "'");
        out.flush();
        var facts = server.post("/api/show", Map.of("model", model));
        server.stream("/api/generate", conversation.runOptions().request(model), _ -> {});
        conversation.use(model, facts);
    }

    private void save(String name) {
        server.stream("/api/create", conversation.saved(name), _ -> {});
        out.println("Created new model '" + name + "'");
    }

    private void list() {
        for (var model : server.get("/api/tags").list("models")) {
            out.println(model.text("name"));
        }
    }

    private static String only(List<String> words, String usage) {
        if (words.size() != 2) {
            throw new CommandFailure("usage: " + usage);
        }
        return words.get(1);
    }
}
