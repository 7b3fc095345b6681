// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.api.http.access.CleanPath;
import dev.puna.api.http.access.HostRules;
import dev.puna.api.http.access.OriginRules;
import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoDuration;
import dev.puna.go.GoQuote;
import dev.puna.go.GoText;
import dev.puna.model.Digest;
import dev.puna.model.ModelName;
import dev.puna.model.Runners;
import dev.puna.modelfile.RequiredVersion;
import dev.puna.registry.Repository;
import dev.puna.settings.HostAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Short texts of paths, headers, settings and fields: names of models, digests, addresses, times, quoted strings. */
final class NamesFuzz implements FuzzTarget {
    private static final HostRules HOSTS = new HostRules(true, "edge", address -> false);
    private static final OriginRules ORIGINS = new OriginRules(List.of("https://*.example"));

    @Override
    public String name() {
        return "names";
    }

    @Override
    public void run(byte[] input) {
        var text = FuzzTarget.text(input);
        ModelName.tryParse(text).ifPresent(NamesFuzz::check);
        Digest.tryParse(text);
        HOSTS.judge(text);
        ORIGINS.allows(text);
        var clean = CleanPath.of("/" + text);
        if (!CleanPath.of(clean).equals(clean)) {
            throw new AssertionError(clean + " is not clean");
        }
        quoted(text);
        for (var reader : List.<Consumer<String>>of(
                ModelName::parseReference,
                Digest::parse,
                GoDuration::parse,
                inner -> GoQuote.unquote('"' + inner + '"'),
                inner -> GoQuote.unquoteRune("'" + inner + "'"),
                RequiredVersion::of,
                Runners::asked,
                HostAddress::parse,
                name -> Repository.parse(name, false))) {
            refusing(reader, text);
        }
    }

    private static void refusing(Consumer<String> reader, String text) {
        try {
            reader.accept(text);
        } catch (InvalidRequest e) {
            if (e.text().isBlank()) {
                throw new AssertionError("a refusal without words", e);
            }
        }
    }

    private static void check(ModelName name) {
        if (!ModelName.parse(name.fullName()).equals(name)
                || !ModelName.parse(name.shortName()).sameAs(name)) {
            throw new AssertionError(name.fullName() + " is not read as it is written");
        }
        var folder = Path.of("/store");
        var path = folder.resolve(Path.of(name.host(), name.namespace(), name.model(), name.tag()));
        if (!path.normalize().equals(path) || path.getNameCount() != folder.getNameCount() + 4) {
            throw new AssertionError(path + " leads out of the store");
        }
    }

    private static void quoted(String text) {
        var bytes = GoText.bytes(text);
        if (!GoQuote.unquote(GoQuote.quote(bytes)).equals(bytes)) {
            throw new AssertionError("quoted and unquoted it is something else");
        }
    }
}
