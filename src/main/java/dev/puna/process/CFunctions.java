// SPDX-License-Identifier: Apache-2.0
package dev.puna.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of {@code native-libs/process/puna_process.h}. What comes back is what they made, or 0, or a negative
 * {@code errno}. <b>Threads:</b> any; those that wait hold up their thread.
 */
final class CFunctions {
    /** Longest text of an error, in bytes. */
    private static final int TEXT_LENGTH = 128;

    private static final FunctionDescriptor NOTHING_SHAPE = FunctionDescriptor.of(JAVA_INT);
    private static final FunctionDescriptor NUMBER_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor NUMBERS_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor TEXT_SHAPE = FunctionDescriptor.of(ADDRESS, JAVA_INT);
    private static final FunctionDescriptor SPAWN_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
    private static final FunctionDescriptor REAP_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
    private static final FunctionDescriptor PAIR_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor READ_SHAPE = FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor SEND_SHAPE = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor POLL_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private final MethodHandle abi;
    private final MethodHandle errorText;
    private final MethodHandle spawn;
    private final MethodHandle reap;
    private final MethodHandle kill;
    private final MethodHandle socketPair;
    private final MethodHandle adopt;
    private final MethodHandle receive;
    private final MethodHandle send;
    private final MethodHandle shut;
    private final MethodHandle close;
    private final MethodHandle read;
    private final MethodHandle poll;
    private final MethodHandle bell;
    private final MethodHandle ring;
    private final MethodHandle turns;
    private final MethodHandle turnTake;
    private final MethodHandle turnEnd;

    CFunctions(SymbolLookup library) {
        abi = function(library, "puna_process_abi", NOTHING_SHAPE);
        errorText = function(library, "puna_error_text", TEXT_SHAPE);
        spawn = function(library, "puna_spawn", SPAWN_SHAPE);
        reap = function(library, "puna_reap", REAP_SHAPE);
        kill = function(library, "puna_kill", NUMBERS_SHAPE);
        socketPair = function(library, "puna_socket_pair", PAIR_SHAPE);
        adopt = function(library, "puna_adopt", NUMBERS_SHAPE);
        receive = function(library, "puna_receive", READ_SHAPE);
        send = function(library, "puna_send", SEND_SHAPE);
        shut = function(library, "puna_shut", NUMBER_SHAPE);
        close = function(library, "puna_close", NUMBER_SHAPE);
        read = function(library, "puna_read", READ_SHAPE);
        poll = function(library, "puna_poll", POLL_SHAPE);
        bell = function(library, "puna_bell", NOTHING_SHAPE);
        ring = function(library, "puna_ring", NUMBER_SHAPE);
        turns = function(library, "puna_turns", NOTHING_SHAPE);
        turnTake = function(library, "puna_turn_take", NUMBER_SHAPE);
        turnEnd = function(library, "puna_turn_end", NUMBER_SHAPE);
    }

    int abi() {
        try {
            return (int) abi.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** An {@code errno} in words. */
    @SuppressWarnings("restricted")
    String errorText(int error) {
        try {
            var text = (MemorySegment) errorText.invokeExact(error);
            return text.reinterpret(TEXT_LENGTH).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int spawn(MemorySegment plan, MemorySegment child) {
        try {
            return (int) spawn.invokeExact(plan, child);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int reap(int pid, MemorySegment codeAndSignal) {
        try {
            return (int) reap.invokeExact(pid, codeAndSignal);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int kill(int pid, int signal) {
        return call(kill, pid, signal);
    }

    int socketPair(MemorySegment pair) {
        try {
            return (int) socketPair.invokeExact(pair);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int adopt(int descriptor, boolean isSocket) {
        return call(adopt, descriptor, isSocket ? 1 : 0);
    }

    long receive(int socket, MemorySegment into, long length) {
        return call(receive, socket, into, length);
    }

    int send(int socket, MemorySegment parts, long count) {
        try {
            return (int) send.invokeExact(socket, parts, count);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int shut(int socket) {
        return call(shut, socket);
    }

    int close(int descriptor) {
        return call(close, descriptor);
    }

    long read(int descriptor, MemorySegment into, long length) {
        return call(read, descriptor, into, length);
    }

    int poll(MemorySegment descriptors, long count, int milliseconds) {
        try {
            return (int) poll.invokeExact(descriptors, count, milliseconds);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    int bell() {
        return call(bell);
    }

    int ring(int descriptor) {
        return call(ring, descriptor);
    }

    int turns() {
        return call(turns);
    }

    int turnTake(int descriptor) {
        return call(turnTake, descriptor);
    }

    int turnEnd(int descriptor) {
        return call(turnEnd, descriptor);
    }

    private static int call(MethodHandle function) {
        try {
            return (int) function.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int call(MethodHandle function, int number) {
        try {
            return (int) function.invokeExact(number);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int call(MethodHandle function, int number, int other) {
        try {
            return (int) function.invokeExact(number, other);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static long call(MethodHandle function, int descriptor, MemorySegment into, long length) {
        try {
            return (long) function.invokeExact(descriptor, into, length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** No function of a C library throws. */
    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("libpuna-process", e);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), shape);
    }
}
