// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.safetensors;

import dev.puna.conversion.tensor.ByteSource;
import dev.puna.failure.InvalidRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/**
 * A file that is read by position.
 *
 * <p><b>Owns</b> a descriptor until it is closed. <b>Threads:</b> any.
 */
final class OpenFile implements ByteSource, AutoCloseable {
    private final String name;
    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final FileTime modified;

    private OpenFile(String name, Path path, FileChannel channel, long size, FileTime modified) {
        this.name = name;
        this.path = path;
        this.channel = channel;
        this.size = size;
        this.modified = modified;
    }

    static OpenFile open(String name, Path path) {
        try {
            var modified = Files.getLastModifiedTime(path);
            var channel = FileChannel.open(path, StandardOpenOption.READ);
            return new OpenFile(name, path, channel, channel.size(), modified);
        } catch (IOException e) {
            throw new InvalidRequest("cannot read " + name + ": " + e.getMessage());
        }
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    @Override
    public void read(long position, ByteBuffer into) {
        try {
            var from = position;
            while (into.hasRemaining()) {
                var count = channel.read(into, from);
                if (count < 0) {
                    throw changed();
                }
                from += count;
            }
        } catch (IOException e) {
            throw new InvalidRequest("cannot read " + name + ": " + e.getMessage());
        }
    }

    /** Refuses a file that is another one than it was when it was opened. */
    void requireUnchanged() {
        try {
            if (Files.size(path) != size || !Files.getLastModifiedTime(path).equals(modified)) {
                throw changed();
            }
        } catch (IOException e) {
            throw changed();
        }
    }

    private InvalidRequest changed() {
        return new InvalidRequest(name + " was changed while it was read; convert the model again");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
            assert e != null;
        }
    }
}
