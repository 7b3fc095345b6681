// SPDX-License-Identifier: Apache-2.0
package dev.puna.llama;

import java.nio.file.Path;

/**
 * Loads the folders named by its arguments one after the other, and prints a line for each: the version, or what was
 * thrown. A process loads native libraries once, so each test of loading runs this in a process of its own.
 */
final class LibraryProbe {
    private LibraryProbe() {}

    public static void main(String[] folders) {
        try {
            LlamaBackend.present();
        } catch (IllegalStateException e) {
            System.out.println("before: " + e.getMessage());
        }
        for (var folder : folders) {
            try {
                System.out.println("version "
                        + LlamaBackend.load(Path.of(folder), BackendChoice.ANY).version());
            } catch (RuntimeException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }
}
