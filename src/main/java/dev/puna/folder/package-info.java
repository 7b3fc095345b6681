// SPDX-License-Identifier: Apache-2.0
/**
 * Models that lie as GGUF files in folders of the user, and are used where they are: folders of files, and the cache of Hugging
 * Face's tools. Nothing there is ever written or deleted.
 *
 * <p>Names come from the names of folders and files alone; a header is read when its model is asked for, and remembered until the
 * file changes. What is no model is left out, with one line in the log. Entry type: {@link dev.puna.folder.ModelFolders}, which the
 * store takes in; nobody else calls. Any thread.
 */
@NullMarked
package dev.puna.folder;

import org.jspecify.annotations.NullMarked;
