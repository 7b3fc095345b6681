// SPDX-License-Identifier: Apache-2.0
package dev.puna.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.puna.support.TestStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BlobSharesTest {
    @TempDir
    Path folder;

    @Test
    void bytes_that_two_models_have_are_shared_and_count_once_in_the_sum() {
        var models = new TestStore(folder);
        var a = models.create("a", "1234567890");
        var b = models.derive("b", "a", draft -> draft.system("four"));
        var config = a.manifest().config().size();

        var shares = new BlobShares(models.store().list());

        assertThat(shares.own(a)).isZero();
        assertThat(shares.shared(a)).isEqualTo(10 + config);
        assertThat(shares.own(b)).isEqualTo(4);
        assertThat(shares.total()).isEqualTo(14 + config);
        assertThat(new BlobShares(List.of(a)).own(a)).isEqualTo(10 + config);
    }
}
