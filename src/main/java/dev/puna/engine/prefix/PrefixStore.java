// SPDX-License-Identifier: Apache-2.0
package dev.puna.engine.prefix;

import dev.puna.engine.token.TokenList;
import dev.puna.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The prefixes of one model on disk. What is wrong with a file costs a line in the log and never an answer.
 *
 * <p>Several processes may use one folder: each writes under a name of its own and renames, and reads what it finds with
 * suspicion. <b>Threads:</b> any; reading and writing take as long as the disk does.
 */
public final class PrefixStore {
    private static final Logger LOG = Logger.getLogger(PrefixStore.class);

    /** Of the disk's free space, what is kept there already among it, no more than one in so many bytes is used. */
    private static final int PART_OF_DISK = 4;

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int AT_ONCE = 4 << 20;

    /** After a failure to write, none is tried for so long. */
    private static final long PAUSE_NANOS = 60_000_000_000L;

    private final PrefixFolder folder;
    private final Digest key;
    private final List<StoredPrefix> known = new ArrayList<>();
    private boolean looked;
    private volatile @Nullable Long failed;

    /**
     * @param key what a state depends on: the model, the library and the form of the cache
     */
    public PrefixStore(PrefixFolder folder, Digest key) {
        this.folder = folder;
        this.key = key;
    }

    /** All there are; the first call reads their headers. */
    public synchronized List<StoredPrefix> all() {
        if (!looked) {
            looked = true;
            for (var found : PrefixFiles.in(folder.path())) {
                if (PrefixFiles.isOf(key.hex(), found.file())) {
                    look(found.file());
                }
            }
        }
        return List.copyOf(known);
    }

    private void look(Path file) {
        try (var channel = open(file)) {
            var header = header(channel);
            known.add(new StoredPrefix(file, new TokenList(header.tokens()), header.stateBytes()));
        } catch (IOException refused) {
            ignore(file, refused);
        }
    }

    /** Whether one of so many bytes of state may be written now. */
    public boolean takes(int tokens, long stateBytes) {
        var since = failed;
        if (since != null && System.nanoTime() - since < PAUSE_NANOS) {
            return false;
        }
        return PrefixHeader.fileBytes(tokens, stateBytes) <= allowance(PrefixFiles.in(folder.path()));
    }

    /**
     * Reads a state.
     *
     * @param into takes exactly its bytes
     * @return whether they are what was written once; if not, the prefix is not one of {@link #all} any more
     */
    public boolean read(StoredPrefix prefix, List<ByteBuffer> into) {
        try (var channel = open(prefix.file())) {
            var header = header(channel);
            if (header.stateBytes() != prefix.stateBytes()
                    || !Arrays.equals(header.tokens(), prefix.tokens().text())) {
                throw new PrefixFormatException("it has become another one", false);
            }
            var hash = begin(header);
            for (var part : into) {
                fill(channel, part, hash);
            }
            var wanted = ByteBuffer.allocate(hash.getDigestLength());
            fill(channel, wanted, null);
            if (!Arrays.equals(hash.digest(), wanted.array())) {
                throw new PrefixFormatException("its state does not match its checksum", true);
            }
        } catch (IOException refused) {
            forget(prefix);
            ignore(prefix.file(), refused);
            return false;
        }
        used(prefix.file());
        return true;
    }

    /**
     * Writes a state, unless it is too large or something goes wrong.
     *
     * @param abandoned asked again and again whether it is not worth the time any more
     * @return whether it is there now
     */
    public boolean write(int[] tokens, List<ByteBuffer> state, BooleanSupplier abandoned) {
        var bytes = state.stream().mapToLong(ByteBuffer::remaining).sum();
        var header = new PrefixHeader(key, tokens, bytes);
        var there = PrefixFiles.in(folder.path());
        var allowed = allowance(there);
        if (header.fileBytes() > allowed) {
            LOG.debugf("prefix.left_out tokens=%d bytes=%d allowed=%d", tokens.length, header.fileBytes(), allowed);
            return false;
        }
        PrefixFiles.trim(there, allowed - header.fileBytes());
        var name = PrefixFiles.name(key.hex(), tokenHash(tokens));
        var file = folder.path().resolve(name);
        var unfinished = folder.path().resolve(PrefixFiles.unfinished(name));
        try {
            if (!write(unfinished, header, state, abandoned)) {
                PrefixFiles.remove(unfinished);
                return false;
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException refused) {
            PrefixFiles.remove(unfinished);
            failed = System.nanoTime();
            LOG.warnf("prefix.not_written folder=%s reason=\"%s\"", folder.path(), refused);
            return false;
        }
        var stored = new StoredPrefix(file, new TokenList(tokens), bytes);
        synchronized (this) {
            known.removeIf(other -> other.file().equals(file));
            known.add(stored);
        }
        LOG.debugf("prefix.written tokens=%d bytes=%d", tokens.length, header.fileBytes());
        return true;
    }

    private static boolean write(Path file, PrefixHeader header, List<ByteBuffer> state, BooleanSupplier abandoned)
            throws IOException {
        var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, (java.nio.file.OpenOption)
                LinkOption.NOFOLLOW_LINKS);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, options, mode)) {
            write(channel, header.bytes());
            var hash = begin(header);
            for (var part : state) {
                for (var from = part.position(); from < part.limit(); from += AT_ONCE) {
                    if (abandoned.getAsBoolean()) {
                        return false;
                    }
                    var some = part.slice(from, Math.min(AT_ONCE, part.limit() - from));
                    hash.update(some.duplicate());
                    write(channel, some);
                }
            }
            write(channel, ByteBuffer.wrap(hash.digest()));
        }
        return true;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Fills a buffer, and adds what it got to a hash. */
    private static void fill(FileChannel channel, ByteBuffer part, @Nullable MessageDigest hash) throws IOException {
        while (part.hasRemaining()) {
            var from = part.position();
            var some = part.slice(from, Math.min(AT_ONCE, part.remaining()));
            var count = channel.read(some);
            if (count < 0) {
                throw new PrefixFormatException("it is cut short", true);
            }
            if (hash != null) {
                hash.update(some.flip());
            }
            part.position(from + count);
        }
    }

    private static MessageDigest begin(PrefixHeader header) {
        var hash = Digest.newHash();
        hash.update(header.bytes());
        return hash;
    }

    private PrefixHeader header(FileChannel channel) throws IOException {
        var header = PrefixHeader.read(channel);
        if (!header.key().equals(key)) {
            throw new PrefixFormatException("it is of another model, or of a cache of another form", false);
        }
        return header;
    }

    /** A file of ours only: not a link, a pipe, or one that somebody else could have written. */
    private FileChannel open(Path file) throws IOException {
        var facts = Files.readAttributes(file, "unix:mode,uid,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        var owner = Files.getAttribute(folder.path(), "unix:uid");
        if (!Boolean.TRUE.equals(facts.get("isRegularFile"))) {
            throw new PrefixFormatException("it is no file", false);
        }
        var others = facts.get("mode") instanceof Integer mode ? mode & WRITABLE_BY_OTHERS : WRITABLE_BY_OTHERS;
        if (!owner.equals(facts.get("uid")) || others != 0) {
            throw new PrefixFormatException("somebody else has made it, or could have", false);
        }
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Leaves one out from now on, whose file stays. */
    public synchronized void forget(StoredPrefix prefix) {
        known.remove(prefix);
    }

    private static void ignore(Path file, IOException refused) {
        if (refused instanceof NoSuchFileException) {
            LOG.debugf("prefix.gone file=%s", file);
            return;
        }
        var removed = refused instanceof PrefixFormatException format && format.damaged();
        if (removed) {
            PrefixFiles.remove(file);
        }
        LOG.warnf(
                "prefix.ignored file=%s removed=%s reason=\"%s\"",
                file, removed, refused instanceof PrefixFormatException ? refused.getMessage() : refused);
    }

    /**
     * Notes that a file was of use, as its time of last change: the process of a model may not set that, but write the first byte
     * once more.
     */
    private static void used(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var first = ByteBuffer.allocate(1);
            if (channel.read(first, 0) == 1) {
                channel.write(first.flip(), 0);
            }
        } catch (IOException e) {
            LOG.debugf("prefix.not_noted file=%s reason=\"%s\"", file, e);
        }
    }

    private long allowance(List<PrefixFiles.Found> there) {
        var kept = there.stream().mapToLong(PrefixFiles.Found::bytes).sum();
        var free = folder.path().toFile().getUsableSpace();
        return Math.min(folder.mostBytes(), (free + kept) / PART_OF_DISK);
    }

    private static String tokenHash(int[] tokens) {
        var bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length).order(ByteOrder.LITTLE_ENDIAN);
        for (var token : tokens) {
            bytes.putInt(token);
        }
        return Digest.of(bytes.array()).hex();
    }
}
