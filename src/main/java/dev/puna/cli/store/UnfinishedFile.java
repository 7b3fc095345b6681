// SPDX-License-Identifier: Apache-2.0
package dev.puna.cli.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that gets its name when it is whole. Until then it is {@code NAME.part-…} beside it, which is removed when the command ends,
 * also by Ctrl-C. What is no regular file, such as {@code /dev/null} or a FIFO, is written as it is. <b>Threads:</b> one.
 */
public final class UnfinishedFile implements AutoCloseable {
    private final Path place;
    private final Optional<Path> part;
    private final FileChannel channel;
    private final Thread leaving = new Thread(this::remove, "unfinished");

    private UnfinishedFile(Path place, Optional<Path> part, FileChannel channel) {
        this.place = place;
        this.part = part;
        this.channel = channel;
        Runtime.getRuntime().addShutdownHook(leaving);
    }

    /** Begins one that will get this name; its folder must be there. */
    public static UnfinishedFile of(Path place) throws IOException {
        requireNonNull(place, "place is null");
        var target = Files.exists(place) ? place.toRealPath() : place;
        if (Files.exists(target) && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            return new UnfinishedFile(target, Optional.empty(), FileChannel.open(target, StandardOpenOption.WRITE));
        }
        var part = target.resolveSibling(target.getFileName()
                + ".part-%08x".formatted(ThreadLocalRandom.current().nextInt()));
        var channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return new UnfinishedFile(target, Optional.of(part), channel);
    }

    /** Open for writing, from the start. */
    public FileChannel channel() {
        return channel;
    }

    /** Where the bytes are until it is finished, for something else that writes them. */
    public Path part() {
        return part.orElse(place);
    }

    /** Gives it its name, whatever is there. */
    public void finish() throws IOException {
        if (part.isPresent()) {
            channel.force(true);
            channel.close();
            Files.move(part.get(), place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(leaving);
        } catch (IllegalStateException _) {
            // The process is ending; the hook runs and does no harm.
        }
    }

    private void remove() {
        try {
            if (part.isPresent()) {
                Files.deleteIfExists(part.get());
            }
        } catch (IOException _) {
            // It is called a part, and its owner sees it.
        }
    }
}
