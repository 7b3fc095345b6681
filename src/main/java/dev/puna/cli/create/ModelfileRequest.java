// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.create;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.IoReason;
import dev.puna.modelfile.Instruction;
import dev.puna.modelfile.Modelfile;
import dev.puna.modelfile.Parameters;
import dev.puna.modelfile.RequiredVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a Modelfile asks of the server, with the files that it names on this machine. Source: contract 3.1 and 3.2.
 *
 * @param fields of the request's JSON but for the model's name and the digests of the files
 * @param files by field ({@code files}, {@code adapters}, {@code draft_files}, {@code imatrix}) and name
 */
public record ModelfileRequest(Map<String, Object> fields, Map<String, Map<String, Path>> files) {
    /** The field that names a file by its digest alone. */
    static final String IMPORTANCE = "imatrix";

    public ModelfileRequest {
        requireNonNull(fields, "fields is null");
        requireNonNull(files, "files is null");
    }

    /**
     * Reads the instructions and looks for their files.
     *
     * @param folder that the Modelfile lies in
     * @param home the user's home folder
     */
    public static ModelfileRequest of(Modelfile modelfile, Path folder, Path home) {
        var request = new ModelfileRequest(new LinkedHashMap<>(), new LinkedHashMap<>());
        var paths = new LocalPaths(folder, home);
        modelfile.instructions().forEach(instruction -> request.add(instruction, paths));
        var parameters = Parameters.of(modelfile);
        if (!parameters.isEmpty()) {
            request.fields.put("parameters", parameters);
        }
        return request;
    }

    /** Has an importance matrix sent, too. */
    public void importance(Path file) {
        files.put(IMPORTANCE, Map.of("", file.toAbsolutePath()));
    }

    private void add(Instruction instruction, LocalPaths paths) {
        switch (instruction) {
            case Instruction.From(var source) -> addSource(source, paths);
            case Instruction.Adapter(var source) -> addAdapter(source, paths);
            case Instruction.Draft(var source) -> addDraft(source, paths);
            case Instruction.Template(var text) -> fields.put("template", text);
            case Instruction.SystemPrompt(var text) -> fields.put("system", text);
            case Instruction.Renderer(var name) -> fields.put("renderer", name);
            case Instruction.Parser(var name) -> fields.put("parser", name);
            case Instruction.Requires(var version) -> fields.put("requires", RequiredVersion.of(version));
            case Instruction.Capability(var name) -> append("capabilities", name);
            case Instruction.License(var text) -> append("license", text);
            case Instruction.Message(var role, var text) ->
                append("messages", new LinkedHashMap<>(Map.of("role", role, "content", text)));
            case Instruction.Parameter _ -> {
                // All of them together become one field.
            }
        }
    }

    private void addSource(String source, LocalPaths paths) {
        var found = paths.find(source);
        if (found.isPresent()) {
            files.computeIfAbsent("files", _ -> new LinkedHashMap<>()).putAll(filesAt(found.get()));
        } else {
            fields.put("from", source);
        }
    }

    private void addDraft(String source, LocalPaths paths) {
        var draft = required(source, paths);
        if (files.getOrDefault("files", Map.of()).values().stream().anyMatch(draft::containsValue)) {
            throw new CommandFailure("DRAFT must not reference the same local path as FROM: " + source);
        }
        files.computeIfAbsent("draft_files", _ -> new LinkedHashMap<>()).putAll(draft);
    }

    /** Several are told apart by the names of their files. */
    private void addAdapter(String source, LocalPaths paths) {
        var all = files.computeIfAbsent("adapters", _ -> new LinkedHashMap<>());
        adapter(source, paths).forEach((name, path) -> {
            var other = all.putIfAbsent(name, path);
            if (other != null && !other.equals(path)) {
                throw new CommandFailure("two adapters have a file called " + name
                        + ": several are taken as GGUF files of different names");
            }
        });
    }

    /** An adapter in safetensors needs the description beside it, even if only the weights are named. */
    private static Map<String, Path> adapter(String source, LocalPaths paths) {
        var found = path(source, paths);
        var folder = found.getParent();
        return folder != null && found.endsWith(ModelFolder.ADAPTER)
                ? filesAt(folder, ModelFolder::adapterFiles)
                : filesAt(found, ModelFolder::adapterFiles);
    }

    private static Map<String, Path> required(String source, LocalPaths paths) {
        return filesAt(path(source, paths));
    }

    private static Path path(String source, LocalPaths paths) {
        return paths.find(source).orElseThrow(() -> new CommandFailure("there is no file or folder " + source));
    }

    private static Map<String, Path> filesAt(Path path) {
        return filesAt(path, ModelFolder::files);
    }

    private static Map<String, Path> filesAt(Path path, Function<ModelFolder, Map<String, Path>> of) {
        try {
            return Files.isDirectory(path)
                    ? of.apply(new ModelFolder(path))
                    : Map.of(
                            requireNonNull(path.getFileName(), "a file has a name")
                                    .toString(),
                            path.toRealPath());
        } catch (IOException e) {
            throw new CommandFailure(path + " cannot be read: " + IoReason.of(e), e);
        }
    }

    private void append(String field, Object entry) {
        var list = new ArrayList<Object>(fields.get(field) instanceof List<?> before ? before : List.of());
        list.add(entry);
        fields.put(field, list);
    }
}
