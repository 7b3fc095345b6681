// SPDX-License-Identifier: Apache-2.0
/**
 * What the bodies of several APIs have in common: tools, images, the form of the answer, how long a model stays, the room that a
 * conversation takes, and what is said about a model that is not there.
 *
 * <p>Only the packages {@code api.….request} call. <b>Threads:</b> one for a body.
 */
@NullMarked
package dev.puna.api.request;

import org.jspecify.annotations.NullMarked;
