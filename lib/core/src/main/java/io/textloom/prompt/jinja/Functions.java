package io.textloom.prompt.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that every template has. */
final class Functions {
    static final String CLOCK = "strftime_now";

    static final Map<String, Callable> GLOBALS = Map.of(
            "range",
            Functions::range,
            "dict",
            (args, c) -> dict(args),
            "namespace",
            (args, c) -> new Namespace(dict(args)),
            "raise_exception",
            (args, c) -> {
                throw new Fault(
                        Values.str(args.bind("raise_exception", "message").get(0)));
            },
            CLOCK,
            (args, c) -> Strftime.format(c.now, args.bind(CLOCK, "format").text(0)),
            "joiner",
            (args, c) -> new Joiner(args.bind("joiner", "sep").text(0, ", ")),
            "cycler",
            (args, c) -> new Cycler(args.positional()));

    private Functions() {}

    private static Object range(Args args, Context c) {
        Args.Bound bound = args.bind("range", "start", "stop", "step");
        long first = Values.index(bound.get(0));
        return bound.has(1)
                ? new Range(first, Values.index(bound.get(1)), bound.integer(2, 1))
                : new Range(0, first, 1);
    }

    private static Dict dict(Args args) {
        Dict dict = new Dict();
        if (!args.positional().isEmpty()) {
            Object first = new Args(args.positional(), Map.of())
                    .bind("dict", "mapping")
                    .get(0);
            if (first instanceof Dict given) {
                dict = new Dict(given);
            } else {
                for (Object pair : Values.items(first)) {
                    List<Object> items = Values.items(pair);
                    if (items.size() != 2) {
                        throw new Fault("dict() expects pairs, found " + Values.repr(pair));
                    }
                    dict.put(items.get(0), items.get(1));
                }
            }
        }
        args.named().forEach(dict::put);
        return dict;
    }

    /** Nothing the first time, then a separator. */
    private static final class Joiner implements Callable {
        private final String separator;
        private boolean used;

        Joiner(String separator) {
            this.separator = separator;
        }

        @Override
        public Object call(Args args, Context context) {
            String now = used ? separator : "";
            used = true;
            return now;
        }
    }

    /** One item after another, then from the first again. */
    static final class Cycler {
        private final List<Object> items;
        private int at;

        Cycler(List<Object> items) {
            this.items = items;
            if (items.isEmpty()) {
                throw new Fault("at least one item has to be provided");
            }
        }

        @Nullable
        Object attribute(String name) {
            return switch (name) {
                case "current" -> items.get(at);
                case "next" ->
                    (Callable) (args, c) -> {
                        Object item = items.get(at);
                        at = (at + 1) % items.size();
                        return item;
                    };
                case "reset" ->
                    (Callable) (args, c) -> {
                        at = 0;
                        return None.NONE;
                    };
                default -> null;
            };
        }
    }
}
