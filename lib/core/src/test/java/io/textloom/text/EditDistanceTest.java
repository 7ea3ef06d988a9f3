package io.textloom.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EditDistanceTest {
    @Test
    void countsInsertionsDeletionsAndSubstitutions() {
        assertThat(EditDistance.between("", "abc")).isEqualTo(3);
        assertThat(EditDistance.between("abc", "")).isEqualTo(3);
        assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
        assertThat(EditDistance.between("same", "same")).isZero();
    }

    @Test
    void countsASwapOfNeighboursAsOne() {
        assertThat(EditDistance.between("ab", "ba")).isEqualTo(1);
        assertThat(EditDistance.between("columsn", "columns")).isEqualTo(1);
        assertThat(EditDistance.between("abcd", "badc")).isEqualTo(2);
        // no letter is moved twice
        assertThat(EditDistance.between("ca", "abc")).isEqualTo(3);
    }
}
