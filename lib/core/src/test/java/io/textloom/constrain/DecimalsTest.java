package io.textloom.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The judge is BigDecimal. */
class DecimalsTest {
    @Property(tries = 400)
    void integersAreTakenInsideTheirBounds(
            @ForAll @IntRange(min = -1200, max = 1200) int low,
            @ForAll @IntRange(min = 0, max = 1300) int width,
            @ForAll @IntRange(min = 1, max = 9) int divisor,
            @ForAll @IntRange(min = -30, max = 30) int near) {
        int high = low + width;
        String schema = "{\"type\":\"integer\",\"minimum\":" + low + ",\"maximum\":" + high
                + (divisor == 1 ? "" : ",\"multipleOf\":" + divisor) + "}";
        if (Math.floorDiv(high, divisor) * divisor < low) {
            assertThatThrownBy(() -> Walks.schema("storyteller", schema)).hasMessageContaining("impossible");
            return;
        }
        Constraint constraint = Walks.schema("storyteller", schema);
        for (int value : new int[] {near, low + near, high + near, low - 1, low, high, high + 1}) {
            assertThat(Walks.takes("storyteller", constraint, Integer.toString(value)))
                    .as("%s: %d", schema, value)
                    .isEqualTo(value >= low && value <= high && value % divisor == 0);
        }
        int written = Integer.parseInt(Walks.text("storyteller", constraint, near + 30, new Random(near)));
        assertThat(written).isBetween(low, high);
        assertThat(written % divisor).isZero();
    }

    @Property(tries = 400)
    void numbersAreTakenInsideTheirBounds(
            @ForAll @IntRange(min = -3000, max = 3000) int low,
            @ForAll @IntRange(min = 1, max = 4000) int width,
            @ForAll @IntRange(min = -300, max = 300) int near,
            @ForAll boolean exclusive) {
        BigDecimal min = BigDecimal.valueOf(low, 2);
        BigDecimal max = BigDecimal.valueOf(low + width, 2);
        String name = exclusive ? "exclusiveM" : "m";
        String schema = "{\"type\":\"number\",\"" + name + "inimum\":" + min + ",\"" + name + "aximum\":" + max + "}";
        Constraint constraint = Walks.schema("storyteller", schema);
        for (int value : new int[] {near, low + near, low + width + near, low - 1, low, low + width, low + width + 1}) {
            BigDecimal number = BigDecimal.valueOf(value, 2);
            boolean zero = number.signum() == 0; // 0.00 is written, -0.00 is not
            int least = exclusive ? 1 : 0;
            assertThat(Walks.takes("storyteller", constraint, zero ? "0" : number.toPlainString()))
                    .as("%s: %s", schema, number)
                    .isEqualTo(number.compareTo(min) >= least && max.compareTo(number) >= least);
        }
        BigDecimal written = new BigDecimal(Walks.text("storyteller", constraint, 12, new Random(near)));
        assertThat(written).isBetween(min, max);
    }
}
