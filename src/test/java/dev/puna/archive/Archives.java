// SPDX-License-Identifier: Apache-2.0
package dev.puna.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.store.ModelStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tar archives for tests, well made and not. */
final class Archives {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(Channels.newChannel(bytes));

    /** What {@code puna export} writes. */
    static byte[] export(ModelStore store, String... names) {
        var bytes = new ByteArrayOutputStream();
        var models = Arrays.stream(names).map(ModelName::parse).toList();
        try {
            ModelExport.of(store, models).write(Channels.newChannel(bytes), BlobProgress.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@code puna import} does, through a pipe. */
    static List<String> take(ModelStore store, byte[] archive) throws IOException {
        return take(store, Optional.empty(), archive);
    }

    static List<String> take(ModelStore store, Optional<ModelName> name, byte[] archive) throws IOException {
        var channel = Channels.newChannel(new ByteArrayInputStream(archive));
        return new ModelImport(store, name, BlobProgress.NONE)
                .run(channel).stream().map(ModelName::shortName).toList();
    }

    Archives file(String name, String content) throws IOException {
        tar.file(name, content.getBytes(UTF_8));
        return this;
    }

    /** A blob that is what its name says. */
    Archives blob(String content) throws IOException {
        return file(LayoutIndex.BLOBS + Digest.of(content.getBytes(UTF_8)).hex(), content);
    }

    /** A header, and nothing of what it says comes after it. */
    Archives header(String name, long size, char type) {
        bytes.writeBytes(new TarHeader(name, size, type).block());
        return this;
    }

    /** An entry of any kind with its content. */
    Archives entry(String name, char type, byte[] content) {
        header(name, content.length, type);
        bytes.writeBytes(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
        return this;
    }

    Archives index(String document, String name) throws IOException {
        return file(LayoutIndex.FILE, indexOf(document, name));
    }

    static String indexOf(String document, String name) {
        return """
                {"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"%s","size":%d,
                "annotations":{"org.opencontainers.image.ref.name":"%s"}}]}""".formatted(OciManifest.TYPE, digest(document), document.length(), name);
    }

    static String digest(String content) {
        return Digest.of(content.getBytes(UTF_8)).text();
    }

    byte[] end() throws IOException {
        tar.finish();
        return bytes.toByteArray();
    }
}
