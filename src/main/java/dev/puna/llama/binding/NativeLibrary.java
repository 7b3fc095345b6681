// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama.binding;

import dev.puna.failure.NativeFailure;
import dev.puna.llama.binding.generated.Native;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * llama.cpp and the shim, opened and of the right version.
 *
 * <p>Stays for the life of the process; thread-safe. Having one is the proof that C may be called.
 */
public final class NativeLibrary {
    private final String version;

    private NativeLibrary(String version) {
        this.version = version;
    }

    /**
     * Opens the libraries of the folder and the compute backends that run on this machine.
     *
     * @param backend the only one to open beside the CPU's, as {@code puna_backends_load} names it; empty for all
     * @param smallBatches whether products of a few rows are kept away from the sgemm of the CPU's backend; empty: where the
     *     processor gains by it
     */
    public static NativeLibrary load(Path folder, String backend, Optional<Boolean> smallBatches) {
        DynamicLinker.open(LibraryFiles.inLoadOrder(folder));
        var version = checkedVersion(folder);
        Native.puna_log_install(Native.GGML_LOG_LEVEL_ERROR());
        loadBackends(folder, backend, smallBatches);
        return new NativeLibrary(version);
    }

    /** What llama.cpp calls its version. */
    public String version() {
        return version;
    }

    /** The compute devices, as {@code puna_devices} tells them: names, kinds, and how much memory is free now. */
    public String devicesJson() {
        try (var call = new CallFrame()) {
            return call.result(Native.puna_devices(), "list", "the compute devices", "");
        }
    }

    /** The libraries of the compute backends, as {@code puna_backends} tells them: those that work, and why others do not. */
    public String backendsJson() {
        try (var call = new CallFrame()) {
            return call.result(Native.puna_backends(), "list", "the compute backends", "");
        }
    }

    /**
     * Reads a model into memory.
     *
     * @param files the file, or all its splits in order
     */
    public ModelHandle loadModel(List<Path> files, ModelParameters parameters, LoadMonitor monitor) {
        return ModelHandle.load(files, parameters, monitor);
    }

    /**
     * Writes a model with weights of another type; blocks until that is done or the monitor is cancelled.
     *
     * @param input the file, or the first part of a split one beside the others
     * @param output of no use if this fails
     * @param fileType a {@code llama_ftype}
     * @param plan the rest, in the lines that the shim reads
     */
    public void quantize(Path input, Path output, int fileType, String plan, int threads, LoadMonitor monitor) {
        try (var call = new CallFrame()) {
            var result = Native.puna_quantize(
                    call.text(input.toString()),
                    call.text(output.toString()),
                    fileType,
                    threads,
                    call.text(plan),
                    monitor.state(),
                    call.error());
            if (result != 0) {
                throw call.failure("quantise", "the model", "libllama wrote none", "");
            }
        }
    }

    /** A parser of one answer, from the {@code parser} object of an applied chat format. */
    public ParserHandle parser(String json) {
        return ParserHandle.open(json);
    }

    private static String checkedVersion(Path folder) {
        try {
            var abi = Native.puna_shim_abi();
            if (abi != Native.PUNA_SHIM_ABI()) {
                throw LibraryFiles.failure(
                        folder, "its shim speaks version " + abi + ", this program " + Native.PUNA_SHIM_ABI());
            }
            var running = CText.borrow(Native.llama_version());
            var compiled = CText.borrow(Native.puna_shim_llama_version());
            if (running == null || !Objects.equals(running, compiled)) {
                throw LibraryFiles.failure(
                        folder, "it holds llama.cpp " + running + " and a shim made for " + compiled);
            }
            return running;
        } catch (LinkageError e) {
            throw new NativeFailure(
                    LibraryFiles.failure(folder, "its libraries lack " + missingSymbol(e))
                            .text(),
                    e);
        }
    }

    private static String missingSymbol(LinkageError error) {
        return error.getCause() == null ? String.valueOf(error.getMessage()) : String.valueOf(error.getCause());
    }

    /** A second class loader finds the backends there already; ggml would register them twice. */
    private static void loadBackends(Path folder, String backend, Optional<Boolean> smallBatches) {
        if (Native.ggml_backend_dev_count() == 0) {
            try (var call = new CallFrame()) {
                Native.puna_backends_load(
                        call.text(folder.toString()),
                        call.text(backend),
                        smallBatches.map(on -> on ? 1 : 0).orElse(-1));
            }
        }
        if (Native.ggml_backend_dev_count() == 0) {
            throw LibraryFiles.failure(folder, "none of its libggml-*.so backends runs on this machine");
        }
    }
}
