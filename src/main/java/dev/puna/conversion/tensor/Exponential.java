// SPDX-License-Identifier: Apache-2.0
package dev.puna.conversion.tensor;

/**
 * Powers of e in 32 bits, equal to PyTorch's to the last bit, which computes them with the SLEEF library: the argument is reduced to
 * within half of ln 2, a polynomial of degree 7 does the rest. Stateless.
 */
public final class Exponential {
    private static final float INVERSE_LN2 = 1.442695040888963407359924681001892137426645954152985934135449406931f;
    private static final float LN2_UPPER = 0.693145751953125f;
    private static final float LN2_LOWER = 1.428606765330187045e-06f;
    private static final float LEAST = -104;
    private static final float MOST = 100;

    private Exponential() {}

    /** e to this power. */
    public static float of(float power) {
        if (power < LEAST) {
            return 0;
        }
        if (power > MOST) {
            return Float.POSITIVE_INFINITY;
        }
        var exponent = (float) Math.rint(power * INVERSE_LN2);
        var rest = Math.fma(exponent, -LN2_LOWER, Math.fma(exponent, -LN2_UPPER, power));
        var sum = 0.000198527617612853646278381f;
        sum = Math.fma(sum, rest, 0.00139304355252534151077271f);
        sum = Math.fma(sum, rest, 0.00833336077630519866943359f);
        sum = Math.fma(sum, rest, 0.0416664853692054748535156f);
        sum = Math.fma(sum, rest, 0.166666671633720397949219f);
        sum = Math.fma(sum, rest, 0.5f);
        return Math.scalb(1 + Math.fma(rest * rest, sum, rest), (int) exponent);
    }
}
