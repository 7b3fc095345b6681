// SPDX-License-Identifier: Apache-2.0
package dev.puna.api.ollama.request;

import dev.puna.creation.CreationRequest;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.model.Digest;
import dev.puna.model.StoredMessage;
import dev.puna.modelfile.Instruction;
import dev.puna.modelfile.Modelfile;
import dev.puna.modelfile.Parameters;
import dev.puna.modelfile.RequiredVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The field {@code modelfile} of old create requests, whose commands became fields of their own. A file is named as in
 * {@code files} and {@code adapters}, or as {@code @} and the digest of its blob; never by a path of the server. What the
 * request says besides wins. Source: departure 3.
 */
final class LegacyModelfile {
    private final CreationRequest request;
    private String from = "";
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, String> adapters = new TreeMap<>();
    private final Map<String, String> drafts = new TreeMap<>();
    private final List<String> licenses = new ArrayList<>();
    private final List<String> capabilities = new ArrayList<>();
    private final List<StoredMessage> messages = new ArrayList<>();
    private String template = "";
    private String system = "";
    private String renderer = "";
    private String parser = "";
    private String requires = "";

    private LegacyModelfile(CreationRequest request) {
        this.request = request;
    }

    /** The request with what its Modelfile says. */
    static CreationRequest merged(CreationRequest request, String text) {
        var modelfile = Modelfile.parse(text);
        var legacy = new LegacyModelfile(request);
        modelfile.instructions().forEach(legacy::add);
        return legacy.merged(Parameters.of(modelfile));
    }

    private void add(Instruction instruction) {
        switch (instruction) {
            case Instruction.From(var source) -> addSource(source);
            case Instruction.Adapter(var source) -> addFile(adapters, source, "ADAPTER");
            case Instruction.Draft(var source) -> addFile(drafts, source, "DRAFT");
            case Instruction.Capability(var name) -> capabilities.add(CreateRequest.capability(name));
            case Instruction.License(var text) -> licenses.add(text);
            case Instruction.Message(var role, var text) -> messages.add(new StoredMessage(role, text));
            case Instruction.Template(var text) -> template = text;
            case Instruction.SystemPrompt(var text) -> system = text;
            case Instruction.Renderer(var name) -> renderer = name;
            case Instruction.Parser(var name) -> parser = name;
            case Instruction.Requires(var version) -> requires = RequiredVersion.of(version);
            case Instruction.Parameter _ -> {
                // All of them are read together.
            }
        }
    }

    private void addSource(String source) {
        var digest = digest(source);
        if (digest.isPresent()) {
            files.put(source, digest.get());
        } else {
            from = source;
        }
    }

    private void addFile(Map<String, String> place, String source, String command) {
        var digest = digest(source)
                .orElseThrow(() -> new InvalidRequest(
                        "%s %s is not among the files of this request".formatted(command, GoQuote.quoted(source))));
        place.put(source, digest);
    }

    /** The digest of a file that the request brings. */
    private Optional<String> digest(String source) {
        if (source.startsWith("@")) {
            return Optional.of(Digest.parse(source.substring(1)).text());
        }
        var name = source.startsWith("./") ? source.substring(2) : source;
        return Optional.ofNullable(request.files().orElse(Map.of()).get(name))
                .or(() -> Optional.ofNullable(request.adapters().get(name)))
                .or(() -> Optional.ofNullable(request.drafts().get(name)));
    }

    private CreationRequest merged(Map<String, Object> ofModelfile) {
        var parameters = new LinkedHashMap<String, Object>(ofModelfile);
        parameters.putAll(request.parameters());
        return new CreationRequest(
                request.from().isEmpty() ? from : request.from(),
                files.isEmpty() ? request.files() : Optional.of(files),
                adapters.isEmpty() ? request.adapters() : adapters,
                drafts.isEmpty() ? request.drafts() : drafts,
                request.quantize(),
                request.draftQuantize(),
                request.rules(),
                either(request.template(), template),
                request.licenses().isEmpty() ? List.copyOf(licenses) : request.licenses(),
                either(request.system(), system),
                parameters,
                request.messages().isEmpty() ? List.copyOf(messages) : request.messages(),
                either(request.renderer(), renderer),
                either(request.parser(), parser),
                either(request.requires(), requires),
                request.capabilities().isEmpty() ? List.copyOf(capabilities) : request.capabilities(),
                request.info());
    }

    private static String either(String sent, String ofModelfile) {
        return sent.isEmpty() ? ofModelfile : sent;
    }
}
