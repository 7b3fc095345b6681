// SPDX-License-Identifier: Apache-2.0
package dev.puna.model;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The full name of a model: {@code [host/][namespace/]model[:tag]} with the missing parts filled in.
 *
 * <p>No part can be {@code .}, {@code ..} or hold a separator, so joining the parts gives a path that stays below the folder
 * it starts from. Upper and lower case are kept as written; {@link #sameAs} ignores them. Source: contract 1.2 and 3.4.
 *
 * @param host registry, {@code registry.ollama.ai} unless the name says otherwise; at most 350 characters
 * @param namespace owner at the registry, {@code library} unless given; at most 80 characters
 * @param model model, at most 80 characters
 * @param tag variant, {@code latest} unless given; at most 80 characters
 */
public record ModelName(String host, String namespace, String model, String tag) {
    public static final String DEFAULT_HOST = "registry.ollama.ai";
    public static final String DEFAULT_NAMESPACE = "library";
    public static final String DEFAULT_TAG = "latest";

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,79}");
    private static final Pattern MODEL_OR_TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}");
    private static final Pattern LOCAL = Pattern.compile(":local$", Pattern.CASE_INSENSITIVE);
    private static final Pattern BOTH_PLACES =
            Pattern.compile("(:cloud|:[^:/]*-cloud):local$|:local:cloud$", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME = Pattern.compile("(?i)https?://");
    private static final int LONGEST_TEXT = 1024;

    /** Checks every part. */
    public ModelName {
        requireNonNull(host, "host is null");
        requireNonNull(namespace, "namespace is null");
        requireNonNull(model, "model is null");
        requireNonNull(tag, "tag is null");
        if (!HOST.matcher(host).matches()
                || !NAMESPACE.matcher(namespace).matches()
                || !MODEL_OR_TAG.matcher(model).matches()
                || !MODEL_OR_TAG.matcher(tag).matches()) {
            throw invalid();
        }
    }

    /** Reads a name and fills in what it leaves out; anything else is an {@link InvalidRequest}. */
    public static ModelName parse(String text) {
        return tryParse(text).orElseThrow(ModelName::invalid);
    }

    /**
     * Reads a name as the inference routes take it: spaces around it are dropped, and so is a last {@code :local}, which
     * asks for the model on this machine and there are no others here.
     */
    public static ModelName parseReference(String text) {
        var trimmed = text.strip();
        if (BOTH_PLACES.matcher(trimmed).find()) {
            throw new InvalidRequest("use either :local or :cloud, not both: \"%s\"".formatted(trimmed));
        }
        return parse(LOCAL.matcher(trimmed).replaceFirst(""));
    }

    /** The name in {@code text}, or nothing when it is not a valid one. */
    public static Optional<ModelName> tryParse(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        var scheme = SCHEME.matcher(text);
        var hasScheme = scheme.lookingAt();
        var rest = hasScheme ? text.substring(scheme.end()) : text;
        var tag = DEFAULT_TAG;
        var colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        var parts = rest.split("/", -1);
        if (parts.length > 3 || (hasScheme && parts.length < 3)) {
            return Optional.empty();
        }
        var model = parts[parts.length - 1];
        var namespace = parts.length > 1 ? parts[parts.length - 2] : DEFAULT_NAMESPACE;
        var host = parts.length > 2 ? parts[0] : DEFAULT_HOST;
        try {
            return Optional.of(new ModelName(host, namespace, model, tag));
        } catch (InvalidRequest _) {
            return Optional.empty();
        }
    }

    /** The shortest text that parses to this name but for the tag, which is always there: {@code gemma3:270m}. */
    public String shortName() {
        var path = new StringBuilder();
        if (!host.equalsIgnoreCase(DEFAULT_HOST)) {
            path.append(host).append('/').append(namespace).append('/');
        } else if (!namespace.equalsIgnoreCase(DEFAULT_NAMESPACE)) {
            path.append(namespace).append('/');
        }
        return path.append(model).append(':').append(tag).toString();
    }

    /** Every part: {@code registry.ollama.ai/library/gemma3:270m}. */
    public String fullName() {
        return host + "/" + namespace + "/" + model + ":" + tag;
    }

    /** Whether both name the same model: case makes no difference. */
    public boolean sameAs(ModelName other) {
        return fullName().equalsIgnoreCase(other.fullName());
    }

    @Override
    public String toString() {
        return shortName();
    }

    private static InvalidRequest invalid() {
        return new InvalidRequest("invalid model name");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelName that
                && model.equals(that.model)
                && tag.equals(that.tag)
                && namespace.equals(that.namespace)
                && host.equals(that.host);
    }
}
