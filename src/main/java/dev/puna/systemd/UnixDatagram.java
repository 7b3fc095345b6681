// SPDX-License-Identifier: Apache-2.0
package dev.puna.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Sends one datagram to a Unix socket of Linux. Numbers and layouts are those of its C library on x86-64 and arm64
 * ({@code unix(7)}, {@code send(2)}). Any thread; never waits.
 */
final class UnixDatagram {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Where the path begins in {@code sockaddr_un}, and how long it may be. */
    private static final int PATH_OFFSET = 2;

    private static final int PATH_LENGTH = 108;

    private static final FunctionDescriptor SOCKET_SHAPE =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor SEND_SHAPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final FunctionDescriptor CLOSE_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_INT);

    private static final MethodHandle SOCKET = function("socket", SOCKET_SHAPE);
    private static final MethodHandle SEND = function("sendto", SEND_SHAPE);
    private static final MethodHandle CLOSE = function("close", CLOSE_SHAPE);

    private UnixDatagram() {}

    /** Whether the system can have a socket there: a path from the root, or an abstract name behind an "@". */
    static boolean canBeAddress(String address) {
        var length = address.getBytes(UTF_8).length;
        return length > 1 && length < PATH_LENGTH && (address.startsWith("/") || address.startsWith("@"));
    }

    /**
     * Sends to an address as above.
     *
     * @return false if nobody listens there or the receiver's queue is full
     */
    static boolean send(String address, String message) {
        try (var arena = Arena.ofConfined()) {
            var target = address(arena, address);
            var bytes = arena.allocateFrom(JAVA_BYTE, message.getBytes(UTF_8));
            var socket = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (socket < 0) {
                return false;
            }
            var sent = (long) SEND.invokeExact(
                    socket, bytes, bytes.byteSize(), MSG_DONTWAIT | MSG_NOSIGNAL, target, (int) target.byteSize());
            int ignored = (int) CLOSE.invokeExact(socket);
            return sent == bytes.byteSize();
        } catch (Throwable e) {
            throw new AssertionError("sendto", e);
        }
    }

    /** A {@code sockaddr_un} of exactly the length of its name: in an abstract one, each byte more would count. */
    private static MemorySegment address(Arena arena, String address) {
        var name = address.getBytes(UTF_8);
        if (name[0] == '@') {
            name[0] = 0;
        }
        var target = arena.allocate(PATH_OFFSET + name.length, JAVA_SHORT.byteAlignment());
        target.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, target, JAVA_BYTE, PATH_OFFSET, name.length);
        return target;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
    }
}
