// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.text;

import static java.util.stream.Collectors.joining;

import dev.puna.cli.client.ServerJson;
import dev.puna.go.GoFloat;
import dev.puna.model.ParameterSize;
import java.util.ArrayList;
import java.util.List;

/** What {@code puna show} tells about a model: sections with a table each, an empty line after each. */
public final class ModelDetailsView {
    private static final int PROSE_WIDTH = 100;
    private static final int PROSE_LINES = 2;
    private static final int LIST_WIDTH = 10;
    /** Of {@code sha256:} and twelve digits. */
    private static final int DIGEST_LENGTH = 19;

    private final StringBuilder text = new StringBuilder();
    private final ServerJson model;

    private ModelDetailsView(ServerJson model) {
        this.model = model;
    }

    public static String of(ServerJson model, boolean verbose) {
        var sheet = new ModelDetailsView(model);
        sheet.appendModel();
        sheet.appendCapabilities();
        sheet.appendProjector();
        sheet.appendParameters();
        if (verbose) {
            sheet.appendMetadata();
            sheet.appendTensors();
        }
        sheet.appendProse("System", model.text("system"));
        sheet.appendProse("License", model.text("license"));
        return sheet.text.toString();
    }

    private void appendModel() {
        var details = model.at("details");
        var info = model.at("model_info");
        var architecture = info.text("general.architecture");
        var table = new TextTable();
        if (architecture.isEmpty()) {
            table.add("", "architecture", details.text("family"));
            table.add("", "parameters", details.text("parameter_size"));
        } else {
            table.add("", "architecture", architecture);
            var count = info.number("general.parameter_count");
            table.add("", "parameters", count > 0 ? ParameterSize.text(count) : details.text("parameter_size"));
            addNumber(table, "context length", info.at(architecture + ".context_length"));
            addNumber(table, "embedding length", info.at(architecture + ".embedding_length"));
        }
        table.add("", "quantization", details.text("quantization_level"));
        addText(table, "requires", model.text("requires"));
        addText(table, "runner", details.text("runner"));
        addText(
                table,
                "available runners",
                model.list("manifests").stream().map(ModelDetailsView::runner).collect(joining(", ")));
        append("Model", table);
    }

    private static String runner(ServerJson manifest) {
        var digest = manifest.text("digest");
        return manifest.text("runner") + ":" + digest.substring(0, Math.min(digest.length(), DIGEST_LENGTH));
    }

    private void appendCapabilities() {
        var table = new TextTable();
        model.list("capabilities").forEach(capability -> table.add("", capability.text()));
        if (!model.list("capabilities").isEmpty()) {
            append("Capabilities", table);
        }
    }

    private void appendProjector() {
        var info = model.at("projector_info");
        var architecture = info.text("general.architecture");
        if (architecture.isEmpty()) {
            return;
        }
        var table = new TextTable();
        table.add("", "architecture", architecture);
        var count = info.number("general.parameter_count");
        addText(table, "parameters", count > 0 ? ParameterSize.text(count) : "");
        addNumber(table, "embedding length", info.at(architecture + ".vision.embedding_length"));
        addNumber(table, "dimensions", info.at(architecture + ".vision.projection_dim"));
        append("Projector", table);
    }

    private void appendParameters() {
        var table = new TextTable();
        var parameters = model.text("parameters");
        parameters.lines().filter(line -> !line.isBlank()).forEach(line -> {
            var cells = new ArrayList<>(List.of(line.strip().split("\\s+")));
            cells.addFirst("");
            table.add(cells.toArray(String[]::new));
        });
        if (!parameters.isBlank()) {
            append("Parameters", table);
        }
    }

    private void appendMetadata() {
        var info = model.at("model_info");
        var table = new TextTable();
        info.keys().stream().sorted().forEach(key -> table.add("", key, value(info.at(key))));
        append("Metadata", table);
    }

    private void appendTensors() {
        var table = new TextTable();
        for (var tensor : model.list("tensors")) {
            var shape = tensor.list("shape").stream()
                    .map(ServerJson::value)
                    .map(String::valueOf)
                    .collect(joining(" "));
            table.add("", tensor.text("name"), tensor.text("type"), "[" + shape + "]");
        }
        append("Tensors", table);
    }

    private void appendProse(String title, String prose) {
        var lines =
                prose.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty()) {
            return;
        }
        var table = new TextTable(PROSE_WIDTH);
        lines.stream().limit(PROSE_LINES).forEach(line -> table.add("", line));
        if (lines.size() > PROSE_LINES) {
            table.add("", "...");
        }
        append(title, table);
    }

    private void append(String title, TextTable table) {
        text.append("  ").append(title).append('\n').append(table.text()).append('\n');
    }

    private static void addNumber(TextTable table, String name, ServerJson number) {
        if (number.value() instanceof Number) {
            table.add("", name, value(number));
        }
    }

    private static void addText(TextTable table, String name, String value) {
        if (!value.isEmpty()) {
            table.add("", name, value);
        }
    }

    private static String value(ServerJson value) {
        return switch (value.value()) {
            case null -> "<nil>";
            case Number number -> GoFloat.plain(number.doubleValue());
            case List<?> list ->
                beginning(
                        list.stream().map(entry -> value(new ServerJson(entry))).toList());
            case Object other -> other.toString();
        };
    }

    /** As many entries of a list as fit, and how many more there are. */
    private static String beginning(List<String> entries) {
        var width = 1;
        var shown = 0;
        for (var entry : entries) {
            width += entry.length() + (shown > 0 ? 2 : 0);
            if (shown > 0 && width > LIST_WIDTH) {
                break;
            }
            shown++;
        }
        var text = "[" + String.join(" ", entries.subList(0, shown));
        return shown < entries.size() ? text + " ...+" + (entries.size() - shown) + " more]" : text + "]";
    }
}
