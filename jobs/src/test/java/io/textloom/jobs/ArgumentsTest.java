package io.textloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void theCommandComesFirst() {
        assertThat(normalise("embed", "--input", "a")).containsExactly("embed", "--input", "a");
        assertThat(normalise("--input", "a", "b", "embed")).containsExactly("embed", "--input", "a", "b");
        assertThat(normalise("--input", "embed", "--output=x", "verify"))
                .containsExactly("verify", "--input", "embed", "--output=x");
        assertThat(normalise("--verbose", "embed")).containsExactly("embed", "--verbose");
        assertThat(normalise("nothing", "known")).containsExactly("nothing", "known");
    }

    @Test
    void switchesGetAValue() {
        assertThat(normalise("embed", "--json")).containsExactly("embed", "--json=true");
        assertThat(normalise("embed", "--json", "no", "--mode", "fail"))
                .containsExactly("embed", "--json=no", "--mode", "fail");
        assertThat(normalise("--json", "embed")).containsExactly("embed", "--json=true");
        assertThat(normalise("embed", "--no-json")).containsExactly("embed", "--json=false");
    }

    @Test
    void whatIsASwitchElsewhereMayTakeATextInThisJob() {
        assertThat(normalise("train", "--special-tokens", "<s>", "--lowercase"))
                .containsExactly("train", "--special-tokens", "<s>", "--lowercase=true");
        assertThat(normalise("--special-tokens", "<s>", "train", "--json"))
                .containsExactly("train", "--special-tokens", "<s>", "--json=true");
        assertThat(normalise("--special-tokens", "tokenize")).containsExactly("tokenize", "--special-tokens=true");
    }

    @Test
    void negativeNumbersStayWithTheirOption() {
        assertThat(normalise("embed", "--seed", "-5")).containsExactly("embed", "--seed=-5");
        assertThat(normalise("embed", "--seed", "--mode", "fail")).containsExactly("embed", "--seed", "--mode", "fail");
    }

    @Test
    void listsOfNegativeNumbersAreNoOptions() {
        assertThat(normalise("embed", "--layers", "-2,-1")).containsExactly("embed", "--layers=[-2,-1]");
        assertThat(normalise("embed", "--layers=-2, -1")).containsExactly("embed", "--layers=[-2, -1]");
        assertThat(normalise("embed", "--layers", "-1")).containsExactly("embed", "--layers=-1");
        assertThat(normalise("embed", "--prompt", "-2,-1")).containsExactly("embed", "--prompt=-2,-1");
    }

    private static List<String> normalise(String... arguments) {
        return new Arguments(Set.of("embed", "tokenize", "train", "verify")).normalise(arguments);
    }
}
