package io.textloom.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable;
import scala.runtime.AbstractFunction1;

/** A Param that takes the name of one of an enum's constants, written as on the command line: {@code mean-sqrt-len} for {@code MEAN_SQRT_LEN}. */
final class Choice<E extends Enum<E>> extends Param<String> {
    private static final long serialVersionUID = 1;

    private final Class<E> type;

    /** @param without constants that are no choice here */
    @SafeVarargs
    Choice(Identifiable parent, String name, String doc, Class<E> type, E... without) {
        super(
                parent,
                name,
                doc + ": " + String.join(", ", names(type, List.of(without))),
                new Check(name, names(type, List.of(without))));
        this.type = type;
    }

    E constant(String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type, List<E> without) {
        return Arrays.stream(EnumSet.allOf(type).toArray(Enum<?>[]::new))
                .filter(constant -> !without.contains(constant))
                .map(Choice::name)
                .toList();
    }

    /** Says what was expected, which Spark's own message does not. */
    private static final class Check extends AbstractFunction1<String, Object> implements Serializable {
        private static final long serialVersionUID = 1;

        private final String param;
        private final ArrayList<String> names;

        Check(String param, List<String> names) {
            this.param = param;
            this.names = new ArrayList<>(names);
        }

        @Override
        public Object apply(String given) {
            if (!names.contains(given)) {
                throw new IllegalArgumentException(
                        param + " is " + given + "; expected one of " + String.join(", ", names));
            }
            return true;
        }
    }
}
