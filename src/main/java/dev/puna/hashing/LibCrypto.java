// SPDX-License-Identifier: Apache-2.0
package dev.puna.hashing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The functions of OpenSSL's libcrypto that hash. Loaded when first asked for. <b>Threads:</b> any. Source of the names and shapes:
 * {@code EVP_DigestInit(3)}; they are the same in OpenSSL 1.1, 3 and 4.
 */
final class LibCrypto {
    private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.4", "libcrypto.so.1.1");

    private static final FunctionDescriptor GET_SHAPE = FunctionDescriptor.of(ADDRESS);
    private static final FunctionDescriptor FREE_SHAPE = FunctionDescriptor.ofVoid(ADDRESS);
    private static final FunctionDescriptor INIT_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor UPDATE_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final FunctionDescriptor FINAL_SHAPE = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    private final MethodHandle newContext;
    private final MethodHandle freeContext;
    private final MethodHandle sha256;
    private final MethodHandle init;
    private final MethodHandle update;
    private final MethodHandle finish;

    private LibCrypto(SymbolLookup library) {
        newContext = function(library, "EVP_MD_CTX_new", GET_SHAPE);
        freeContext = function(library, "EVP_MD_CTX_free", FREE_SHAPE);
        sha256 = function(library, "EVP_sha256", GET_SHAPE);
        init = function(library, "EVP_DigestInit_ex", INIT_SHAPE);
        update = function(library, "EVP_DigestUpdate", UPDATE_SHAPE);
        finish = function(library, "EVP_DigestFinal_ex", FINAL_SHAPE);
    }

    /** The machine's, or nothing if it has none that can be used. */
    static Optional<LibCrypto> get() {
        return Holder.LOADED;
    }

    /** A context of its own for one hash, begun; freed some time after nobody refers to it any more. */
    @SuppressWarnings("restricted")
    MemorySegment begin() {
        var context = newContext();
        if (context.address() == 0) {
            throw new OutOfMemoryError("libcrypto has no memory for a hash");
        }
        var owned = context.reinterpret(Arena.ofAuto(), this::free);
        begin(owned);
        return owned;
    }

    /** Begins anew in a context. */
    void begin(MemorySegment context) {
        try {
            var kind = (MemorySegment) sha256.invokeExact();
            require((int) init.invokeExact(context, kind, MemorySegment.NULL));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Takes all bytes of a native segment. */
    void update(MemorySegment context, MemorySegment bytes) {
        try {
            require((int) update.invokeExact(context, bytes, bytes.byteSize()));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Writes the hash into a native segment of 32 bytes. */
    void finish(MemorySegment context, MemorySegment result) {
        try {
            require((int) finish.invokeExact(context, result, MemorySegment.NULL));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private MemorySegment newContext() {
        try {
            return (MemorySegment) newContext.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private void free(MemorySegment context) {
        try {
            freeContext.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void require(int success) {
        if (success != 1) {
            throw new IllegalStateException("libcrypto refuses to hash");
        }
    }

    /** What {@link #require} says, or what no function of a library throws. */
    private static RuntimeException unexpected(Throwable e) {
        return e instanceof IllegalStateException refusal ? refusal : new IllegalStateException("libcrypto", e);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), shape);
    }

    @SuppressWarnings("restricted")
    private static Optional<LibCrypto> load(String name) {
        try {
            var loaded = new LibCrypto(SymbolLookup.libraryLookup(name, Arena.global()));
            loaded.begin();
            return Optional.of(loaded);
        } catch (IllegalArgumentException | NoSuchElementException | IllegalStateException _) {
            // It is not there, lacks a function, or is set up (FIPS) to refuse.
            return Optional.empty();
        }
    }

    private static final class Holder {
        static final Optional<LibCrypto> LOADED =
                NAMES.stream().flatMap(name -> load(name).stream()).findFirst();
    }
}
