// SPDX-License-Identifier: Apache-2.0
package dev.puna.registry.access;

import dev.puna.fuzz.FuzzTarget;
import java.io.IOException;
import java.net.URI;

/** What registries ask for and hand out besides models: challenges, tokens, keys, patterns of hosts. */
public final class ChallengeFuzz implements FuzzTarget {
    private static final URI ADDRESS = URI.create("https://registry.example:5000/v2/");

    @Override
    public String name() {
        return "challenge";
    }

    @Override
    public void run(byte[] input) {
        var text = FuzzTarget.text(input);
        var challenge = Challenge.parse(text);
        challenge.scopes();
        challenge.parameter("realm");
        OpenSshKey.parse(text);
        HostRules.matches(text, ADDRESS);
        try {
            RegistryJson.read(input).path("token").asText();
        } catch (IOException e) {
            // As declared.
        }
    }
}
