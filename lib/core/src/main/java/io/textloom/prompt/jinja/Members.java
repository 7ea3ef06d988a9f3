package io.textloom.prompt.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes and items of values: {@code a.b}, {@code a['b']}, {@code a[1]}, {@code a[1:]}. Names that begin with an underscore lead nowhere, and nothing can be changed. */
final class Members {
    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "clear",
            "sort",
            "reverse",
            "update",
            "setdefault",
            "popitem");

    private Members() {}

    /** {@code object.name}: methods first, then items of dicts. */
    static Object attribute(Object object, String name, Context context) {
        Object member = method(object, name, context);
        if (member == null && object instanceof Dict dict) {
            member = dict.get(name);
        }
        return member == null ? missing(object, name, context) : member;
    }

    /** {@code object[key]}: items first, then methods. */
    static Object item(Object object, Object key, Context context) {
        if (object instanceof Undefined u) {
            throw u.fault();
        }
        if (object instanceof Dict dict) {
            Object value = key instanceof Undefined ? null : dict.get(key);
            if (value != null) {
                return value;
            }
        } else if (Numbers.isInteger(key) && (object instanceof List || object instanceof String)) {
            int length = Values.length(object);
            int at = Values.index(key);
            at = at < 0 ? at + length : at;
            if (at < 0 || at >= length) {
                return context.undefined("'" + Values.type(object) + " object' has no element " + Values.str(key));
            }
            return object instanceof String s
                    ? Text.substring(s, at, at + 1)
                    : Values.present(((List<?>) object).get(at));
        }
        if (key instanceof String name) {
            Object member = method(object, name, context);
            return member == null ? missing(object, name, context) : member;
        }
        if (key instanceof Undefined u) {
            u.use();
        }
        return context.undefined("'" + Values.type(object) + " object' has no element " + Values.repr(key));
    }

    /** {@code object[from:to:step]}; a bound that is None is not there. */
    static Object slice(Object object, Object from, Object to, Object step, Context context) {
        if (object instanceof Undefined u) {
            throw u.fault();
        }
        if (!(object instanceof String || object instanceof List)) {
            return context.undefined("'" + Values.type(object) + " object' cannot be sliced");
        }
        int length = Values.length(object);
        int by = step == None.NONE ? 1 : Values.index(step);
        if (by == 0) {
            throw new Fault("slice step cannot be zero");
        }
        int start = bound(from, by > 0 ? 0 : length - 1, length, by);
        int stop = bound(to, by > 0 ? length : -1, length, by);
        context.budget.spend(length);
        if (object instanceof String s && by == 1) {
            return Text.substring(s, start, stop);
        }
        List<Object> all = Values.items(object);
        List<Object> part = new java.util.ArrayList<>();
        for (long i = start; by > 0 ? i < stop : i > stop; i += by) {
            part.add(all.get((int) i));
        }
        if (object instanceof String) {
            StringBuilder text = new StringBuilder();
            part.forEach(text::append);
            return text.toString();
        }
        return object instanceof Tuple ? new Tuple(part) : part;
    }

    private static int bound(Object given, int otherwise, int length, int step) {
        if (given == None.NONE) {
            return otherwise;
        }
        int at = Values.index(given);
        at = at < 0 ? at + length : at;
        int least = step > 0 ? 0 : -1;
        return Math.max(least, Math.min(at, step > 0 ? length : length - 1));
    }

    private static @Nullable Object method(Object object, String name, Context context) {
        if (object instanceof Undefined u) {
            throw u.fault();
        }
        if (name.startsWith("__")) {
            return null;
        }
        if (object instanceof String s) {
            return StringMethods.of(s, name);
        }
        if (object instanceof Namespace ns) {
            return ns.attributes().get(name);
        }
        if (object instanceof Loop loop) {
            return loop.attribute(name, context);
        }
        if (object instanceof Macro || object instanceof Functions.Cycler) {
            return object instanceof Macro macro ? macro.attribute(name) : ((Functions.Cycler) object).attribute(name);
        }
        if (object instanceof ItemFilters.Group group && (name.equals("grouper") || name.equals("list"))) {
            return group.get(name.equals("grouper") ? 0 : 1);
        }
        boolean collection = object instanceof Dict || object instanceof List;
        if (collection && CHANGING.contains(name) && (object instanceof Dict || !name.equals("update"))) {
            return new Function(
                    "access to attribute '" + name + "' of '" + Values.type(object) + "' object is unsafe.");
        }
        return object instanceof Dict dict ? of(dict, name) : object instanceof List<?> list ? of(list, name) : null;
    }

    /** A method that may not be called. */
    private record Function(String reason) implements Callable {
        @Override
        public Object call(Args args, Context context) {
            throw new Fault(reason);
        }
    }

    private static @Nullable Callable of(Dict dict, String name) {
        return switch (name) {
            case "items" -> (args, c) -> new View("dict_items", dict.items());
            case "keys" -> (args, c) -> new View("dict_keys", dict.keys());
            case "values" -> (args, c) -> new View("dict_values", dict.values());
            case "copy" -> (args, c) -> new Dict(dict);
            case "get" ->
                (args, c) -> {
                    Args.Bound bound = args.bind("get", "key", "default");
                    Object value = dict.get(bound.get(0));
                    return value == null ? bound.get(1, None.NONE) : value;
                };
            default -> null;
        };
    }

    private static @Nullable Callable of(List<?> list, String name) {
        return switch (name) {
            case "copy" -> (args, c) -> Values.items(list);
            case "count" ->
                (args, c) -> {
                    Object wanted = args.bind("count", "value").get(0);
                    return list.stream()
                            .filter(item -> Values.equal(Values.present(item), wanted))
                            .count();
                };
            case "index" ->
                (args, c) -> {
                    Object wanted = args.bind("index", "value").get(0);
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(Values.present(list.get(i)), wanted)) {
                            return (long) i;
                        }
                    }
                    throw new Fault(Values.repr(wanted) + " is not in list");
                };
            default -> null;
        };
    }

    private static Undefined missing(Object object, String name, Context context) {
        String kind = object == None.NONE ? "None" : "'" + Values.type(object) + " object'";
        return context.undefined(kind + " has no attribute '" + name + "'");
    }
}
