// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.create;

import static java.util.Objects.requireNonNull;

import dev.puna.cli.client.CommandFailure;
import dev.puna.cli.client.FileDigest;
import dev.puna.cli.client.IoReason;
import dev.puna.cli.client.PunaServer;
import dev.puna.cli.client.ServerJson;
import dev.puna.cli.text.Progress;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Sends what a model is made of and has the server make it. */
public final class ModelCreation {
    /** How the name of the step begins in which a file is sent. */
    public static final String COPYING = "copying file ";
    /** Bytes below which to send a file is no slower than to speak about it. */
    private static final long WORTH_AN_OFFER = 4L << 20;

    private final PunaServer server;
    private final Progress progress;
    private final UnaryOperator<String> wording;
    private final boolean links;

    /** Shows every step as the server and the recorded command name it. */
    public ModelCreation(PunaServer server, Progress progress) {
        this(server, progress, UnaryOperator.identity(), false);
    }

    /**
     * Shows steps in other words; those with the same words become one.
     *
     * @param links whether files of the store may be those that are given here, by a second name
     */
    public ModelCreation(PunaServer server, Progress progress, UnaryOperator<String> wording, boolean links) {
        this.server = requireNonNull(server, "server is null");
        this.progress = requireNonNull(progress, "progress is null");
        this.wording = requireNonNull(wording, "wording is null");
        this.links = links;
    }

    /** Makes the model; what the server says on the way becomes progress. */
    public void run(String model, ModelfileRequest request) {
        var body = new LinkedHashMap<String, Object>();
        body.put("model", model);
        body.putAll(request.fields());
        var digests = new LinkedHashMap<Path, Digest>();
        request.files().values().stream()
                .flatMap(files -> files.values().stream())
                .forEach(file -> digests.computeIfAbsent(file, ModelCreation::digestOf));
        digests.forEach(this::upload);
        request.files().forEach((field, files) -> {
            var byName = new LinkedHashMap<String, Object>();
            files.forEach((name, file) -> byName.put(
                    name,
                    requireNonNull(digests.get(file), "every file has a digest").text()));
            body.put(
                    field,
                    field.equals(ModelfileRequest.IMPORTANCE)
                            ? byName.values().iterator().next()
                            : byName);
        });
        var bars = new HashMap<String, Progress.Bar>();
        server.stream("/api/create", body, status -> show(status, bars));
    }

    /** What is counted gets a bar, by its name; the rest is a step. */
    private void show(ServerJson status, Map<String, Progress.Bar> bars) {
        var name = wording.apply(status.text("status"));
        if (!status.text("digest").isEmpty()) {
            bars.computeIfAbsent(name, _ -> progress.bar(name, status.number("total")))
                    .set(status.number("completed"));
        } else if (!name.isEmpty()) {
            progress.step(name);
        }
    }

    private void upload(Path file, Digest digest) {
        try {
            var size = Files.size(file);
            var bar = progress.bar(wording.apply(COPYING + digest.text()), size);
            if (server.hasBlob(digest)) {
                bar.set(size);
                return;
            }
            var way = links || size >= WORTH_AN_OFFER ? server.offer(digest, file, links) : Optional.<String>empty();
            if (way.isEmpty()) {
                server.upload(digest, file, bar::set);
            }
            bar.set(size);
            way.map(word -> wording.apply(inWords(word, file))).ifPresent(progress::step);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + IoReason.of(e), e);
        }
    }

    private static String inWords(String way, Path file) {
        return switch (way) {
            case "linked" -> "linked to " + file + ", which must not be changed any more";
            case "shared" -> "took " + file + " without a copy of its bytes";
            default -> "copied " + file + " on the server's disk";
        };
    }

    private static Digest digestOf(Path file) {
        try {
            return FileDigest.of(file);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + IoReason.of(e), e);
        }
    }
}
