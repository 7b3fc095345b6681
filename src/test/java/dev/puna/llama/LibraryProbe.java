// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import dev.puna.settings.Settings;
import java.nio.file.Path;

/**
 * Loads the folders named by its arguments one after the other, and prints a line for each: the version, or what was
 * thrown, and what became of {@code PUNA_SMALL_BATCH} if it is set. A process loads native libraries once, so each test of loading runs this in a process of its own.
 */
final class LibraryProbe {
    private LibraryProbe() {}

    public static void main(String[] folders) {
        try {
            LlamaBackend.present();
        } catch (IllegalStateException e) {
            System.out.println("before: " + e.getMessage());
        }
        var settings = Settings.from(System.getenv());
        var choice = BackendChoice.of(settings.llmLibrary(), settings.smallBatch());
        for (var folder : folders) {
            try {
                var backend = LlamaBackend.load(Path.of(folder), choice);
                System.out.println("version " + backend.version());
                if (choice.smallBatches().isPresent()) {
                    backend.plugins().forEach(LibraryProbe::tellOfSmallBatches);
                }
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private static void tellOfSmallBatches(BackendPlugin plugin) {
        if (plugin.onCpu() && plugin.works()) {
            System.out.println(
                    "small batches kept: " + plugin.smallBatches() + ", own attention: " + plugin.ownAttention());
        }
    }
}
