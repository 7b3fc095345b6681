// SPDX-License-Identifier: Apache-2.0
package dev.puna.dist;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java library that is linked into the executable.
 *
 * @param licences SPDX identifiers, or names where there is none
 */
record JavaPart(String group, String name, String version, List<String> licences) {
    JavaPart {
        licences = List.copyOf(licences);
    }

    /** From a component of the bill of materials. */
    static JavaPart of(JsonNode component) {
        var licences = new ArrayList<String>();
        for (var choice : component.path("licenses")) {
            var licence = choice.path("license");
            licences.add(licence.path("id")
                    .asText(licence.path("name")
                            .asText(choice.path("expression").asText())));
        }
        return new JavaPart(
                component.path("group").asText(),
                component.path("name").asText(),
                component.path("version").asText(),
                licences);
    }

    /** How its file is called in a Maven repository. */
    String fileName() {
        return name + "-" + version + ".jar";
    }
}
