// SPDX-License-Identifier: Apache-2.0
package dev.puna.fuzz;

import dev.puna.modelfile.Modelfile;
import dev.puna.modelfile.Parameters;

/** Modelfiles, which must survive being written and read again. */
final class ModelfileFuzz implements FuzzTarget {
    @Override
    public String name() {
        return "modelfile";
    }

    @Override
    public void run(byte[] input) {
        var read = Modelfile.parse(input);
        var again = Modelfile.parse(read.text());
        if (!again.equals(read)) {
            throw new AssertionError(read + " is read again as " + again);
        }
        Parameters.of(read);
    }
}
