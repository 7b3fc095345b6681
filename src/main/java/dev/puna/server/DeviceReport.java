// SPDX-License-Identifier: Apache-2.0
package dev.puna.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.puna.device.ComputeDevice;
import dev.puna.llama.BackendChoice;
import dev.puna.llama.BackendPlugin;
import dev.puna.llama.LlamaBackend;
import dev.puna.process.ChildProcess;
import dev.puna.process.ProcessLibrary;
import dev.puna.sandbox.Sandbox;
import dev.puna.scheduling.plan.HostMemory;
import dev.puna.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a server with this environment would find to compute on: {@code puna devices}. Loads the native libraries, and none of
 * what a server needs beside.
 */
public final class DeviceReport {
    /** What else hides devices: read by the drivers, which say nothing about it. */
    private static final List<String> HIDING = List.of(
            "PUNA_LLM_LIBRARY",
            "OLLAMA_LLM_LIBRARY",
            "CUDA_VISIBLE_DEVICES",
            "GGML_VK_VISIBLE_DEVICES",
            "HIP_VISIBLE_DEVICES",
            "ROCR_VISIBLE_DEVICES",
            "GPU_DEVICE_ORDINAL",
            "HSA_OVERRIDE_GFX_VERSION",
            "NVIDIA_VISIBLE_DEVICES",
            "VK_DRIVER_FILES",
            "VK_ICD_FILENAMES");

    private DeviceReport() {}

    /**
     * As {@code dev.puna.cli.DeviceListing} describes it.
     *
     * @throws dev.puna.failure.Failure if the settings make no sense, or the native libraries cannot be used
     */
    public static String json(Map<String, String> environment) {
        var settings = Settings.from(environment);
        var backend = LlamaBackend.load(
                NativeLibraries.folder(settings), BackendChoice.of(settings.llmLibrary(), settings.smallBatch()));
        var report = JsonNodeFactory.instance.objectNode();
        report.put("folder", backend.folder().toString());
        report.put("version", backend.version());
        report.put("cpu", cpuVariant(backend.plugins()));
        var devices = report.putArray("devices");
        backend.devices().forEach(device -> devices.add(of(device)));
        var rejected = report.putArray("rejected");
        backend.plugins().stream().filter(plugin -> !plugin.works()).forEach(plugin -> rejected.addObject()
                .put("file", plugin.file())
                .put("reason", plugin.reason()));
        var isolation = report.putArray("isolation");
        isolation(settings).forEach(isolation::add);
        var variables = report.putObject("variables");
        HIDING.stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .forEach(name -> variables.put(name, environment.get(name)));
        return report.toPrettyString();
    }

    private static List<String> isolation(Settings settings) {
        if (!ChildProcess.supported()) {
            return List.of("none: models are computed in the server, since only Linux can lock up their processes");
        }
        if (!settings.isolation().orElse(true)) {
            return List.of("none: models are computed in the server (PUNA_ISOLATION=none)");
        }
        var folder = NativeLibraries.folder(settings);
        var locks = Sandbox.expected(ProcessLibrary.load(folder)).lines();
        var memory =
                Isolation.memory(settings).sentence(folder, Isolation.groups().isPresent());
        return Stream.concat(locks.stream(), Stream.of(memory)).toList();
    }

    private static String cpuVariant(List<BackendPlugin> plugins) {
        return plugins.stream()
                .filter(plugin -> plugin.onCpu() && plugin.works())
                .map(BackendPlugin::variant)
                .findFirst()
                .orElse("");
    }

    private static ObjectNode of(ComputeDevice device) {
        // The CPU's backend says that all memory is free.
        var free = device.kind() == ComputeDevice.Kind.CPU
                ? Math.min(device.totalBytes(), HostMemory.ofThisMachine().available())
                : device.freeBytes();
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", device.name())
                .put("backend", device.backend())
                .put("type", device.kind().name().toLowerCase(Locale.ROOT))
                .put("description", device.description())
                .put("id", device.id())
                .put("memory_total", device.totalBytes())
                .put("memory_free", free);
    }
}
