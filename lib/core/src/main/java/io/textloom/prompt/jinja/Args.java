package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of a call, by position and by name. */
final class Args {
    static final Args NONE = new Args(List.of(), Map.of());

    private final List<Object> positional;
    private final Map<String, Object> named;

    Args(List<Object> positional, Map<String, Object> named) {
        this.positional = positional;
        this.named = named;
    }

    List<Object> positional() {
        return positional;
    }

    Map<String, Object> named() {
        return named;
    }

    /** Without the first. */
    Args rest(int from) {
        return new Args(positional.subList(Math.min(from, positional.size()), positional.size()), named);
    }

    Args with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(named);
        more.put(name, value);
        return new Args(positional, more);
    }

    /** Matches the arguments with a function's parameters. @throws Fault for one too many or of an unknown name */
    Bound bind(String function, String... parameters) {
        List<@Nullable Object> values = new ArrayList<>();
        if (positional.size() > parameters.length) {
            throw new Fault(
                    function + "() takes at most " + parameters.length + " arguments, found " + positional.size());
        }
        int used = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean byName = named.containsKey(parameters[i]);
            if (byName && i < positional.size()) {
                throw new Fault(function + "() got multiple values for argument '" + parameters[i] + "'");
            }
            used += byName ? 1 : 0;
            values.add(i < positional.size() ? positional.get(i) : named.get(parameters[i]));
        }
        if (used < named.size()) {
            List<String> unknown = new ArrayList<>(named.keySet());
            unknown.removeAll(List.of(parameters));
            throw new Fault(function + "() got an unexpected keyword argument '" + unknown.get(0) + "'");
        }
        return new Bound(function, parameters, values);
    }

    /** Values of parameters, some perhaps not given. */
    static final class Bound {
        private final String function;
        private final String[] parameters;
        private final List<@Nullable Object> values;

        private Bound(String function, String[] parameters, List<@Nullable Object> values) {
            this.function = function;
            this.parameters = parameters;
            this.values = values;
        }

        boolean has(int i) {
            return values.get(i) != null;
        }

        Object get(int i) {
            Object value = values.get(i);
            if (value == null) {
                throw new Fault(function + "() is missing the argument '" + parameters[i] + "'");
            }
            return value;
        }

        Object get(int i, Object otherwise) {
            Object value = values.get(i);
            return value == null ? otherwise : value;
        }

        String text(int i) {
            if (get(i) instanceof String s) {
                return s;
            }
            throw new Fault(function + "() expects a str as " + parameters[i] + ", not " + Values.type(get(i)));
        }

        String text(int i, String otherwise) {
            return has(i) ? text(i) : otherwise;
        }

        int integer(int i, int otherwise) {
            return has(i) ? Values.index(get(i)) : otherwise;
        }

        boolean flag(int i, boolean otherwise) {
            return has(i) ? Values.truth(get(i)) : otherwise;
        }
    }
}
