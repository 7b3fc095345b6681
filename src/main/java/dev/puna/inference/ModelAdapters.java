// SPDX-License-Identifier: Apache-2.0
package dev.puna.inference;

import static java.util.Objects.requireNonNull;

import dev.puna.failure.InvalidRequest;
import dev.puna.go.GoQuote;
import dev.puna.inference.capability.CapabilityResolver;
import dev.puna.model.AdapterScales;
import dev.puna.model.Digest;
import dev.puna.model.MediaTypes;
import dev.puna.store.InstalledModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a model, and which of them a request wants by its option {@code adapters}.
 *
 * @param all in the order in which the model has them
 */
public record ModelAdapters(List<ModelAdapters.One> all) {
    static final String OPTION = "adapters";

    /** Stronger ones leave nothing of what a model has learnt. */
    private static final double LARGEST_SCALE = 10;

    private static final Set<String> KEYS = Set.of("name", "id", "scale");
    private static final int LONGEST_NAME = 64;
    private static final int MOST_TOLD = 16;

    /** Fewer digits of a digest than this name nothing. */
    private static final int LEAST_DIGITS = 4;

    private static final String ALGORITHM = "sha256:";

    /**
     * One of them.
     *
     * @param name that its file has; its digest if it has none
     * @param digest of its file
     */
    public record One(String name, Digest digest) {
        public One {
            requireNonNull(name, "name is null");
            requireNonNull(digest, "digest is null");
        }
    }

    public ModelAdapters {
        all = List.copyOf(all);
    }

    /** Reads their names, which are in their files. */
    public static ModelAdapters of(InstalledModel model) {
        var all = new ArrayList<One>();
        for (var layer : model.manifest().layers(MediaTypes.ADAPTER)) {
            var header = CapabilityResolver.header(model, model.files().existing(layer.digest()));
            var name = header.text("general.name").filter(text -> !text.isBlank());
            all.add(new One(name.orElse(layer.digest().text()), layer.digest()));
        }
        return new ModelAdapters(all);
    }

    /** What a request wants: all of them if it does not say. */
    static AdapterScales asked(InstalledModel model, Map<String, @Nullable Object> options) {
        var asked = options.get(OPTION);
        return asked == null ? AdapterScales.ALL : of(model).scales(asked);
    }

    /**
     * The scales of those that are listed; all others have none.
     *
     * @param asked as parsed JSON: a list of names, numbers and objects
     * @throws InvalidRequest for what is no such list, and for an adapter that the model has not or that is listed twice
     */
    AdapterScales scales(Object asked) {
        if (!(asked instanceof List<?> list)) {
            throw wrong("must be an array of names, or of objects with \"name\" or \"id\" and \"scale\"");
        }
        if (all.isEmpty() && !list.isEmpty()) {
            throw refused("this model has no adapters, so option \"adapters\" can only be left out or empty");
        }
        var listed = new HashSet<Integer>();
        var scales = new ArrayList<Float>(Collections.nCopies(all.size(), 0f));
        for (var entry : list) {
            var place = place(entry);
            if (!listed.add(place)) {
                throw wrong("lists " + told(place) + " twice");
            }
            scales.set(place, entry instanceof Map<?, ?> object ? scale(object.get("scale")) : 1f);
        }
        return new AdapterScales(scales);
    }

    private int place(@Nullable Object entry) {
        if (!(entry instanceof Map<?, ?> object)) {
            return entry instanceof String || entry instanceof Number ? named(entry) : named(null);
        }
        for (var key : object.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw wrong(
                        "has objects of \"name\" or \"id\", and \"scale\", but not of " + quoted(String.valueOf(key)));
            }
        }
        var name = object.get("name");
        var id = object.get("id");
        if (name != null && id != null) {
            throw wrong("has an object with both \"name\" and \"id\"");
        }
        if ((name != null && !(name instanceof String)) || (id != null && !(id instanceof Number))) {
            throw wrong("has an object whose \"name\" is no text or whose \"id\" is no number");
        }
        return named(name == null ? id : name);
    }

    private int named(@Nullable Object wanted) {
        if (wanted instanceof Number number) {
            return numbered(number.doubleValue());
        }
        if (!(wanted instanceof String name)) {
            throw wrong("has an entry that names no adapter");
        }
        var found = places(one -> one.name().equals(name));
        if (found.isEmpty()) {
            var digits = name.startsWith(ALGORITHM) ? name.substring(ALGORITHM.length()) : name;
            found = digits.length() < LEAST_DIGITS
                    ? List.of()
                    : places(one -> one.digest().text().startsWith(ALGORITHM + digits));
        }
        if (found.isEmpty()) {
            return decimal(name);
        }
        if (found.size() > 1) {
            throw wrong(
                    "names " + quoted(name) + ", which several adapters are called: say by its \"id\" which is meant");
        }
        return found.getFirst();
    }

    private List<Integer> places(Predicate<One> condition) {
        var places = new ArrayList<Integer>();
        for (var place = 0; place < all.size(); place++) {
            if (condition.test(all.get(place))) {
                places.add(place);
            }
        }
        return places;
    }

    /** A place that is written as a text. */
    private int decimal(String name) {
        for (var place = 0; place < all.size(); place++) {
            if (name.equals(Integer.toString(place))) {
                return place;
            }
        }
        throw unknown(quoted(name));
    }

    private int numbered(double id) {
        var place = (int) id;
        if (place != id || place < 0 || place >= all.size()) {
            throw unknown("with the id " + (place == id ? Integer.toString(place) : Double.toString(id)));
        }
        return place;
    }

    private float scale(@Nullable Object given) {
        return switch (given) {
            case null -> 1;
            case Number number when Math.abs(number.doubleValue()) <= LARGEST_SCALE -> number.floatValue();
            default -> throw wrong("has a \"scale\" that is not a number from -10 to 10");
        };
    }

    private InvalidRequest wrong(String what) {
        return refused("option \"adapters\" " + what + "; " + known());
    }

    private InvalidRequest unknown(String which) {
        return refused("this model has no adapter " + which + "; " + known());
    }

    private static InvalidRequest refused(String sentence) {
        return new InvalidRequest(sentence, OPTION);
    }

    /** The adapters that there are, for a message. */
    private String known() {
        if (all.isEmpty()) {
            return "this model has no adapters";
        }
        var text = new StringBuilder("this model has ");
        for (var place = 0; place < Math.min(all.size(), MOST_TOLD); place++) {
            text.append(place == 0 ? "" : ", ").append(told(place));
        }
        return text.append(all.size() > MOST_TOLD ? " and others" : "").toString();
    }

    private String told(int place) {
        return place + " (" + quoted(all.get(place).name()) + ")";
    }

    private static String quoted(String name) {
        return GoQuote.quoted(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
    }
}
