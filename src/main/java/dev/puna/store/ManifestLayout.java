// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import dev.puna.model.ModelName;
import java.util.Locale;

/** The two layouts of a folder of manifests, and how each spells hosts in the names of folders. Source: addendum 1.1, 1.2. */
enum ManifestLayout {
    /** Files under {@code manifests}, by hosts as they are. */
    OLD("manifests") {
        @Override
        String hostOf(String folder) {
            return canonical(folder);
        }

        @Override
        String folderOf(String host) {
            return host;
        }
    },
    /** Links to blobs under {@code manifests-v2}, where no host has a colon. */
    V2("manifests-v2") {
        @Override
        String hostOf(String folder) {
            return canonical(folder.replace("%3A", ":").replace("%3a", ":"));
        }

        @Override
        String folderOf(String host) {
            return host.equals(ModelName.DEFAULT_HOST) ? OTHER_PUBLIC_HOST : host.replace(":", "%3A");
        }
    };

    /** The second name of the public host, which is the same host. */
    static final String OTHER_PUBLIC_HOST = "ollama.com";

    private final String folder;

    ManifestLayout(String folder) {
        this.folder = folder;
    }

    /** Name of the folder within the store. */
    String folder() {
        return folder;
    }

    /** The host that a folder is of. */
    abstract String hostOf(String folder);

    /** The name of a host's folder, given the host as {@link #canonical} has it. */
    abstract String folderOf(String host);

    /** The one spelling of the public host, and any other host as it is. */
    static String canonical(String host) {
        return switch (host.toLowerCase(Locale.ROOT)) {
            case ModelName.DEFAULT_HOST, OTHER_PUBLIC_HOST -> ModelName.DEFAULT_HOST;
            default -> host;
        };
    }

    /** The name with its host in the one spelling. */
    static ModelName canonical(ModelName name) {
        return new ModelName(canonical(name.host()), name.namespace(), name.model(), name.tag());
    }
}
