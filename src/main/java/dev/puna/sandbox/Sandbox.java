// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import dev.puna.process.ChildLock;
import dev.puna.process.ProcessLibrary;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * Locks up children that are started with it, any number, until it is closed; those that have been started stay locked up. Not to be
 * closed while one is being started. <b>Threads:</b> any.
 */
public final class Sandbox implements ChildLock, AutoCloseable {
    private final LockFunctions functions;
    private final KernelSupport kernel;
    private final Collection<Restriction> wanted;
    private MemorySegment lock;

    private Sandbox(LockFunctions functions, SandboxRules rules, Collection<Restriction> wanted) {
        this.functions = functions;
        this.kernel = functions.support();
        this.wanted = wanted;
        this.lock = functions.prepare(rules, Restriction.bits(wanted));
    }

    /** Looks at the paths of the rules, as they are now. */
    public static Sandbox of(ProcessLibrary library, SandboxRules rules) {
        return with(library, rules, EnumSet.allOf(Restriction.class));
    }

    /** For who may not bear rules for files and calls: no rights beyond its user's, and nothing else. */
    public static Sandbox withoutRules(ProcessLibrary library, SandboxRules rules) {
        return with(library, rules, EnumSet.of(Restriction.NO_NEW_PRIVILEGES, Restriction.NO_CAPABILITIES));
    }

    /** The same with only some restrictions, as systems have it that lack the others. */
    static Sandbox with(ProcessLibrary library, SandboxRules rules, Collection<Restriction> wanted) {
        return new Sandbox(new LockFunctions(library.symbols()), rules, Set.copyOf(wanted));
    }

    /** How far children can be locked up on this system, without trying. */
    public static SandboxReport expected(ProcessLibrary library) {
        return SandboxReport.expected(new LockFunctions(library.symbols()).support());
    }

    /**
     * How far a child is locked up that was started with this.
     *
     * @param locks what {@link dev.puna.process.ChildProcess#locks} says of it
     */
    public SandboxReport report(int locks) {
        return SandboxReport.of(Restriction.of(locks), wanted, kernel);
    }

    @Override
    public synchronized MemorySegment prepared() {
        if (lock.address() == 0) {
            throw new IllegalStateException("the sandbox is closed");
        }
        return lock;
    }

    @Override
    public synchronized void close() {
        if (lock.address() != 0) {
            functions.free(lock);
            lock = MemorySegment.NULL;
        }
    }
}
