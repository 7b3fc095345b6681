// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.failure.StoreFailure;
import dev.puna.store.ManifestDocument;
import dev.puna.store.json.ManifestReferences;
import dev.puna.store.json.StoreJson;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Documents of registries and of the store: manifests, lists of them, configurations, parameters, messages. */
final class ManifestFuzz implements FuzzTarget {
    private static final Path FROM = Path.of("blob");

    @Override
    public String name() {
        return "manifest";
    }

    @Override
    public void run(byte[] input) {
        for (var reader : List.<Consumer<byte[]>>of(
                bytes -> StoreJson.config(StoreJson.config(FROM, bytes)),
                bytes -> StoreJson.parameters(StoreJson.parameters(FROM, bytes)),
                bytes -> StoreJson.messages(StoreJson.messages(FROM, bytes)),
                ManifestReferences::of)) {
            try {
                reader.accept(input);
            } catch (StoreFailure e) {
                // One input cannot be all of them.
            }
        }
        var document = ManifestDocument.read(input);
        if (document.manifest().isPresent()) {
            ManifestDocument.read(document.storable());
        } else {
            document.select("");
        }
    }
}
