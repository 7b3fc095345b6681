// SPDX-License-Identifier: Apache-2.0
package dev.puna.seeds;

/**
 * One thing that a guide tells its reader to run, to send or to expect.
 *
 * @param name the guide's number and the place of its fence, such as {@code 003/2b}; the letter where a fence holds several
 * @param heading what it stands under
 * @param language what the fence says; empty where it says nothing
 */
record Example(String name, String heading, String language, String text) {}
