// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import static java.util.Objects.requireNonNull;

import dev.puna.api.json.JsonObject;
import dev.puna.api.json.JsonValue;
import dev.puna.api.request.RequestFields;
import dev.puna.creation.CreationRequest;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.model.Capability;
import dev.puna.model.StoredMessage;
import dev.puna.model.WeightRules;
import dev.puna.modelfile.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of {@code /api/create}. Source: contract 3.2.
 *
 * @param name the model to make, as it was sent
 * @param creation what it is made of
 * @param streams whether the client wants every status
 */
public record CreateRequest(String name, CreationRequest creation, boolean streams) {
    /** The record of a message without its texts, and its place. */
    private static final int STORED_MESSAGE = 80;

    /** An entry of a sorted map, and its key without characters. */
    private static final int FILE = 160;

    public CreateRequest {
        requireNonNull(name, "name is null");
        requireNonNull(creation, "creation is null");
    }

    /** Reads a body; what it makes no sense of is an {@code InvalidRequest}. */
    public static CreateRequest read(JsonObject json) {
        var name = NamedModel.asSent(json);
        var creation = fields(json);
        var streams = json.bool("stream", true);
        if (!creation.draftQuantize().isEmpty() && creation.drafts().isEmpty()) {
            throw new InvalidRequest("--draft-quantize requires a DRAFT model");
        }
        if (!json.string("remote_host").isEmpty()) {
            throw new InvalidRequest("this server runs no remote models: leave out 'remote_host'");
        }
        if (!json.strings("list").isEmpty()) {
            throw new InvalidRequest("this server makes no lists of manifests: leave out 'list'");
        }
        var modelfile = json.prose("modelfile", RequestFields.TEMPLATE_NODES);
        return new CreateRequest(
                name, modelfile.isEmpty() ? creation : LegacyModelfile.merged(creation, modelfile), streams);
    }

    private static CreationRequest fields(JsonObject json) {
        var quantize = json.string("quantize");
        return new CreationRequest(
                json.string("from"),
                json.field("files").map(CreateRequest::files),
                json.field("adapters").map(CreateRequest::files).orElse(Map.of()),
                json.field("draft_files").map(CreateRequest::files).orElse(Map.of()),
                (quantize.isEmpty() ? json.string("quantization") : quantize).toUpperCase(Locale.ROOT),
                json.string("draft_quantize").toUpperCase(Locale.ROOT),
                new WeightRules(
                        json.string("imatrix"),
                        json.strings("tensor_types"),
                        json.string("output_tensor_type"),
                        json.string("token_embedding_type"),
                        json.bool("pure", false)),
                json.prose("template", RequestFields.TEMPLATE_NODES),
                json.field("license").map(CreateRequest::licenses).orElse(List.of()),
                json.prose("system", RequestFields.STORED),
                Parameters.checked(JsonSanitizer.of(json, "parameters")),
                json.field("messages").map(CreateRequest::messages).orElse(List.of()),
                json.string("renderer"),
                json.string("parser"),
                json.string("requires"),
                json.strings("capabilities").stream()
                        .map(CreateRequest::capability)
                        .toList(),
                JsonSanitizer.of(json, "info"));
    }

    private static Map<String, String> files(JsonValue value) {
        var files = new TreeMap<String, String>();
        value.map("map[string]string").forEach((name, digest) -> {
            value.take(FILE + 2L * name.length());
            files.put(name, digest.string());
        });
        files.forEach((name, digest) -> {
            if (!isRelative(name)) {
                throw new InvalidRequest("file path must be relative");
            }
            if (digest.isEmpty()) {
                throw new InvalidRequest("invalid digest format");
            }
        });
        return files;
    }

    /** As Go's {@code fs.ValidPath}: parts between single slashes, none of them empty, {@code .} or {@code ..}. */
    private static boolean isRelative(String path) {
        return path.equals(".")
                || List.of(path.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** The word of something that a model can do. */
    static String capability(String word) {
        return Capability.ofWord(word)
                .orElseThrow(() -> new InvalidRequest("unknown capability: " + GoQuote.quoted(word)))
                .word();
    }

    private static List<String> licenses(JsonValue value) {
        if (value.isString()) {
            var license = value.string();
            value.plan(RequestFields.STORED * value.width());
            return license.isEmpty() ? List.of() : List.of(license);
        }
        return value.list("[]string", license -> {
            license.plan(RequestFields.STORED * license.width());
            return license.string();
        });
    }

    private static List<StoredMessage> messages(JsonValue value) {
        return value.list("[]api.Message", element -> {
            var message = element.object("api.Message");
            message.take(STORED_MESSAGE, STORED_MESSAGE + RequestFields.STORED * element.width());
            return new StoredMessage(message.string("role").toLowerCase(Locale.ROOT), message.string("content"));
        });
    }
}
