// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import java.util.List;

/**
 * A part of the product that Maven does not know of.
 *
 * @param type what CycloneDX calls it: {@code library} or {@code platform}
 * @param version empty where it is not known
 * @param licence an SPDX identifier
 * @param purl the package URL, or empty
 * @param texts its licence and notices, word for word
 */
record NativePart(String type, String name, String version, String licence, String purl, List<String> texts) {
    NativePart {
        texts = List.copyOf(texts);
    }

    /** What other entries of the bill of materials refer to it by. */
    String reference() {
        return purl.isEmpty() ? "native:" + name.replace(' ', '-') + (version.isEmpty() ? "" : "@" + version) : purl;
    }
}
