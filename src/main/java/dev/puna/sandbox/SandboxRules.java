// SPDX-License-Identifier: Apache-2.0
package dev.puna.sandbox;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a child may use of the file system. A folder stands for all below it; what does not exist is left out.
 *
 * @param program what it runs, a program and no script; it cannot run another
 * @param readable of folders in {@code /dev} only the names are
 * @param usable device nodes, which are read, written and given commands
 * @param writable files, and folders in which files and folders may be made and removed
 */
public record SandboxRules(Path program, List<Path> readable, List<Path> usable, List<Path> writable) {
    public SandboxRules {
        readable = List.copyOf(readable);
        usable = List.copyOf(usable);
        writable = List.copyOf(writable);
    }

    /**
     * For one that computes a model: the model's files, the libraries, what they and the drivers read of the system, and the
     * devices that models are computed on.
     */
    public static SandboxRules forModel(Path program, Path nativeLibraries, Collection<Path> modelFiles) {
        return new SandboxRules(program, SystemPaths.readable(), SystemPaths.usable(), List.of())
                .reading(List.of(nativeLibraries))
                .reading(modelFiles);
    }

    /** For one that reads models and writes new weights into a folder: no devices but the processor. */
    public static SandboxRules forWeights(Path program, Path nativeLibraries, Collection<Path> inputs, Path folder) {
        return new SandboxRules(program, SystemPaths.readable(), SystemPaths.plain(), List.of(folder))
                .reading(List.of(nativeLibraries))
                .reading(inputs);
    }

    /** The same on a JVM: the program is its {@code java}, which reads the rest of it and the class path. */
    public SandboxRules on(Path javaHome, Collection<Path> classPath) {
        return new SandboxRules(javaHome.resolve("bin").resolve("java"), readable, usable, writable)
                .reading(JavaHome.parts(javaHome))
                .reading(classPath);
    }

    /** Whether there are devices to compute on beside the processor. */
    public boolean hasGpus() {
        return !SystemPaths.plain().containsAll(usable);
    }

    /** More that it reads. */
    public SandboxRules reading(Collection<Path> more) {
        return new SandboxRules(program, both(readable, more), usable, writable);
    }

    /** More that it writes. */
    public SandboxRules writing(Collection<Path> more) {
        return new SandboxRules(program, readable, usable, both(writable, more));
    }

    private static List<Path> both(List<Path> some, Collection<Path> more) {
        return Stream.concat(some.stream(), more.stream()).distinct().toList();
    }
}
