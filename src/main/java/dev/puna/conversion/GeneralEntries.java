// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion;

import dev.puna.conversion.source.Config;
import dev.puna.conversion.source.Entries;
import dev.puna.conversion.source.Json;
import dev.puna.conversion.source.ModelFiles;
import dev.puna.failure.InvalidRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a GGUF says about the model as a whole: {@code general.*}, from the model card, config.json, generation_config.json and the
 * name of the folder, in this order.
 */
final class GeneralEntries {
    private static final String HUB = "https://huggingface.co/";

    /** Of each line: the key, its type, and the keys in generation_config.json. */
    private static final String[] SAMPLING = {
        "sequence s sequence",
        "top_k i top_k",
        "top_p f top_p",
        "min_p f min_p",
        "xtc_probability f xtc_probability",
        "xtc_threshold f xtc_threshold",
        "temp f temperature",
        "penalty_last_n i penalty_last_n",
        "penalty_repeat f penalty_repeat repetition_penalty",
        "mirostat i mirostat",
        "mirostat_tau f mirostat_tau",
        "mirostat_eta f mirostat_eta"
    };

    private final Entries entries;
    private final ModelFiles files;
    private final ModelCard card;
    private final Parameters parameters;

    /**
     * How many parameters a model has.
     *
     * @param shared those that are no experts'
     * @param expert those of one expert
     * @param experts how many of them there are
     */
    record Parameters(long total, long shared, long expert, long experts) {}

    GeneralEntries(Entries entries, ModelFiles files, Parameters parameters) {
        this.entries = entries;
        this.files = files;
        this.card = ModelCard.read(files);
        this.parameters = parameters;
    }

    /**
     * Adds them.
     *
     * @param type {@code model} or {@code mmproj}
     */
    void add(String type) {
        entries.text("general.type", type);
        sampling();
        var fromConfig = Json.object(files, "config.json")
                .map(values -> values.get("_name_or_path") instanceof String text ? text : "")
                .filter(text -> text.indexOf('/') == text.lastIndexOf('/'))
                .map(text -> ModelName.read(text, parameters.total));
        var fromFolder = ModelName.read(files.folderName(), parameters.total);
        var names = fromConfig.map(name -> List.of(name, fromFolder)).orElse(List.of(fromFolder));
        entries.text(
                "general.name",
                first(card.text("name", "model_name"), names, name -> name.name()
                                .map(ModelName::title))
                        .orElse(files.folderName()));
        text("author", card.text("author", "model_author", "model_creator"));
        text("version", first(card.text("version", "model_version"), names, ModelName::version));
        text("organization", first(card.text("organization", "model_organization"), names, name -> name.organization()
                .map(ModelName::title)));
        text("finetune", first(card.text("finetune", "model_finetune"), names, ModelName::fineTune));
        text("basename", first(card.text("basename", "model_basename", "model_type"), names, ModelName::baseName));
        text("description", card.text("description", "model_description"));
        text(
                "size_label",
                first(card.text("size_label", "model_size_label"), names, ModelName::size)
                        .or(() -> parameters.total > 0 ? Optional.of(sizeLabel()) : Optional.empty()));
        text("license", card.list("license").map(list -> String.join(",", list)));
        text("license.name", card.text("license_name"));
        text("license.link", card.text("license_link"));
        text("source.url", card.text("url", "model_url"));
        text("source.doi", card.text("doi", "model_doi"));
        text("source.uuid", card.text("uuid", "model_uuid"));
        text("source.repo_url", card.text("repo_url", "model_repo_url"));
        sources("base_model", "base_model", "base_models", "base_model_sources");
        sources("dataset", "datasets", "dataset", "dataset_sources");
        lists("tags", "tags", "pipeline_tag");
        lists("languages", "languages", "language");
    }

    private interface Part {
        Optional<String> of(ModelName name);
    }

    private static Optional<String> first(Optional<String> said, List<ModelName> names, Part part) {
        if (said.isPresent()) {
            return said;
        }
        for (var name : names) {
            var found = part.of(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void text(String key, Optional<String> value) {
        value.ifPresent(text -> entries.text("general." + key, text));
    }

    private void sampling() {
        Config given;
        try {
            given = new Config(
                    "generation_config.json",
                    Json.object(files, "generation_config.json").orElse(Map.of()));
        } catch (InvalidRequest e) {
            return; // some models have one that is no JSON
        }
        for (var line : SAMPLING) {
            var words = line.split(" ", -1);
            var key = "general.sampling." + words[0];
            var from = List.of(words).subList(2, words.length).toArray(String[]::new);
            switch (words[1]) {
                case "i" -> given.optionalWhole(from).ifPresent(value -> entries.int32(key, value));
                case "f" -> given.optionalReal(from).ifPresent(value -> entries.float32(key, value));
                default -> given.text(from).ifPresent(value -> entries.text(key, value));
            }
        }
    }

    /** Models or data from which this one was made. */
    private void sources(String key, String... from) {
        List<String> found = null;
        for (var name : from) {
            if (found == null) {
                found = card.list(name).orElse(null);
            }
        }
        if (found == null) {
            return;
        }
        entries.uint32("general." + key + ".count", found.size());
        for (var index = 0; index < found.size(); index++) {
            for (var part : described(found.get(index)).entrySet()) {
                entries.text("general." + key + "." + index + "." + part.getKey(), part.getValue());
            }
        }
    }

    private Map<String, String> described(String id) {
        var parts = new LinkedHashMap<String, String>();
        var address = id.startsWith("http://") || id.startsWith("https://") || id.startsWith("ssh://");
        var name = id;
        if (address) {
            name = id.startsWith(HUB) ? id.substring(HUB.length()) : "";
            if (name.indexOf('/') <= 0 || name.indexOf('/') != name.lastIndexOf('/') || name.endsWith("/")) {
                name = "";
            }
        }
        var read = ModelName.read(name, parameters.total);
        read.name().ifPresent(text -> parts.put("name", ModelName.title(text)));
        read.version().ifPresent(text -> parts.put("version", text));
        read.organization().ifPresent(text -> parts.put("organization", ModelName.title(text)));
        if (address) {
            parts.put("repo_url", id);
        } else if (read.name().isPresent() && read.organization().isPresent()) {
            parts.put(
                    "repo_url",
                    HUB + read.organization().get() + "/" + read.name().get());
        }
        return parts;
    }

    private void lists(String key, String... from) {
        var all = new ArrayList<String>();
        for (var name : from) {
            card.list(name).ifPresent(all::addAll);
        }
        if (!all.isEmpty()) {
            entries.texts("general." + key, all);
        }
    }

    private String sizeLabel() {
        return parameters.experts > 0
                ? parameters.experts + "x" + rounded(parameters.shared + parameters.expert)
                : rounded(parameters.total);
    }

    /** Two digits and a letter: 1.5B. */
    static String rounded(long count) {
        var unit = count > 1e12 ? "T" : count > 1e9 ? "B" : count > 1e6 ? "M" : "K";
        var scaled = count
                * switch (unit) {
                    case "T" -> 1e-12;
                    case "B" -> 1e-9;
                    case "M" -> 1e-6;
                    default -> 1e-3;
                };
        var whole = (long) Math.rint(scaled);
        var digits = whole == 0 ? 0 : Long.toString(whole).length();
        return new BigDecimal(scaled)
                        .setScale(Math.max(2 - digits, 0), RoundingMode.HALF_EVEN)
                        .toPlainString()
                + unit;
    }
}
