// SPDX-License-Identifier: Apache-2.0
package dev.puna.bench;

import java.util.ArrayList;
import java.util.List;

/** Figures of one thing, measured several times. */
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        var sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    int size() {
        return values.size();
    }

    /** The smallest value that is not below so large a part of all. */
    double quantile(double part) {
        var sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    /** The quotients of each round, which a drift of the machine's speed leaves alone. */
    Samples ratiosTo(Samples other) {
        var ratios = new Samples();
        for (var i = 0; i < Math.min(values.size(), other.values.size()); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return ratios;
    }
}
