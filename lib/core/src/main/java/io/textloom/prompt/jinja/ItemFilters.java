package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters that go through the items of a value. */
final class ItemFilters {
    static final Map<String, Filters.Filter> ALL = Map.ofEntries(
            Map.entry("batch", ItemFilters::batch),
            Map.entry("dictsort", (v, a, c) -> dictSort(v, a)),
            Map.entry("first", (v, a, c) -> end(v, true, c)),
            Map.entry("groupby", ItemFilters::groupBy),
            Map.entry("items", (v, a, c) -> items(v)),
            Map.entry("join", ItemFilters::join),
            Map.entry("last", (v, a, c) -> end(v, false, c)),
            Map.entry("list", (v, a, c) -> spent(Values.items(v), c)),
            Map.entry("map", ItemFilters::map),
            Map.entry("max", (v, a, c) -> extreme(v, a, c, "max")),
            Map.entry("min", (v, a, c) -> extreme(v, a, c, "min")),
            Map.entry("reject", (v, a, c) -> select(v, a, c, false, false)),
            Map.entry("rejectattr", (v, a, c) -> select(v, a, c, true, false)),
            Map.entry("reverse", (v, a, c) -> reverse(v, c)),
            Map.entry("select", (v, a, c) -> select(v, a, c, false, true)),
            Map.entry("selectattr", (v, a, c) -> select(v, a, c, true, true)),
            Map.entry("slice", ItemFilters::slice),
            Map.entry("sort", ItemFilters::sort),
            Map.entry("sum", ItemFilters::sum),
            Map.entry("unique", ItemFilters::unique));

    private ItemFilters() {}

    private static List<Object> spent(List<Object> items, Context c) {
        c.budget.spend(items.size());
        return items;
    }

    /** Dotted attributes, numbers for places. */
    private static Function<Object, Object> getter(Object attribute, Context c) {
        if (!(attribute instanceof String path)) {
            return attribute == None.NONE ? item -> item : item -> Members.item(item, attribute, c);
        }
        List<Object> parts = new ArrayList<>();
        for (Object part : Split.left(path, new Args(List.of("."), Map.of()))) {
            String name = Values.str(part);
            parts.add(name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name);
        }
        return item -> {
            Object value = item;
            for (Object part : parts) {
                value = Members.item(value, part, c);
            }
            return value;
        };
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return !caseSensitive && value instanceof String s ? Text.lower(s) : value;
    }

    private static Object map(Object value, Args args, Context c) {
        Function<Object, Object> function;
        if (args.positional().isEmpty() && args.named().containsKey("attribute")) {
            Args.Bound bound = args.bind("map", "attribute", "default");
            Object otherwise = bound.get(1, None.NONE);
            // the path is followed step by step: a default stands in for any step that is not there
            Function<Object, Object> get = getter(bound.get(0), c);
            function = item -> {
                Object found = get.apply(item);
                return found instanceof Undefined && otherwise != None.NONE ? otherwise : found;
            };
        } else if (args.positional().isEmpty()) {
            throw new Fault("map requires a filter argument");
        } else {
            String name = Values.str(args.positional().get(0));
            Args rest = args.rest(1);
            function = item -> Filters.apply(name, item, rest, c);
        }
        List<Object> mapped = new ArrayList<>();
        for (Object item : spent(Values.items(value), c)) {
            mapped.add(function.apply(item));
        }
        return new Lazy(mapped);
    }

    private static Object select(Object value, Args args, Context c, boolean byAttribute, boolean wanted) {
        List<Object> given = args.positional();
        if (byAttribute && given.isEmpty()) {
            throw new Fault("Missing parameter for attribute name");
        }
        Function<Object, Object> get = byAttribute ? getter(given.get(0), c) : item -> item;
        int from = byAttribute ? 1 : 0;
        Predicate<Object> test;
        if (given.size() > from) {
            String name = Values.str(given.get(from));
            Args rest = args.rest(from + 1);
            test = item -> Values.truth(Tests.apply(name, item, rest, c));
        } else {
            test = Values::truth;
        }
        List<Object> selected = new ArrayList<>();
        for (Object item : spent(Values.items(value), c)) {
            if (test.test(get.apply(item)) == wanted) {
                selected.add(item);
            }
        }
        return new Lazy(selected);
    }

    private static Object join(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("join", "d", "attribute");
        String separator = bound.has(0) ? Values.str(bound.get(0)) : "";
        Function<Object, Object> get = getter(bound.get(1, None.NONE), c);
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object item : spent(Values.items(value), c)) {
            out.append(first ? "" : separator).append(Values.str(get.apply(item)));
            c.budget.requireOutput(out.length());
            first = false;
        }
        c.budget.spend(out.length());
        return out.toString();
    }

    private static Object end(Object value, boolean first, Context c) {
        if (!first && value instanceof Lazy) {
            throw new Fault("'generator' object is not reversible");
        }
        List<Object> items = Values.items(value);
        return items.isEmpty()
                ? c.undefined("No " + (first ? "first" : "last") + " item, sequence was empty.")
                : items.get(first ? 0 : items.size() - 1);
    }

    private static Object reverse(Object value, Context c) {
        if (value instanceof String s) {
            return Text.reverse(s);
        }
        List<Object> items = spent(Values.items(value), c);
        Collections.reverse(items = new ArrayList<>(items));
        return value instanceof Lazy ? items : new Lazy(items);
    }

    private static Object items(Object value) {
        if (value instanceof Undefined u) {
            u.use();
            return new Lazy(List.of());
        }
        if (!(value instanceof Dict dict)) {
            throw new Fault("Can only get item pairs from a mapping.");
        }
        return new Lazy(dict.items());
    }

    private static Object sort(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("sort", "reverse", "case_sensitive", "attribute");
        boolean sensitive = bound.flag(1, false);
        List<Function<Object, Object>> getters = new ArrayList<>();
        Object attribute = bound.get(2, None.NONE);
        if (attribute instanceof String several) {
            for (Object one : Split.left(several, new Args(List.of(","), Map.of()))) {
                getters.add(getter(one, c));
            }
        } else {
            getters.add(getter(attribute, c));
        }
        return sorted(spent(Values.items(value), c), bound.flag(0, false), item -> {
            List<Object> key = new ArrayList<>();
            getters.forEach(get -> key.add(folded(get.apply(item), sensitive)));
            return key;
        });
    }

    /** In the order of the keys; equal ones stay in theirs, also backwards. */
    private static List<Object> sorted(List<Object> items, boolean backwards, Function<Object, Object> key) {
        record Keyed(Object key, Object item) {}
        List<Keyed> keyed = new ArrayList<>();
        items.forEach(item -> keyed.add(new Keyed(key.apply(item), item)));
        Comparator<Keyed> order = (a, b) -> Values.compare(a.key(), b.key(), "<");
        keyed.sort(backwards ? order.reversed() : order);
        List<Object> sorted = new ArrayList<>();
        keyed.forEach(k -> sorted.add(k.item()));
        return sorted;
    }

    private static Object dictSort(Object value, Args args) {
        if (!(value instanceof Dict dict)) {
            throw new Fault("dictsort expects a mapping, found " + Values.type(value));
        }
        Args.Bound bound = args.bind("dictsort", "case_sensitive", "by", "reverse");
        String by = bound.text(1, "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw new Fault("You can only sort by either \"key\" or \"value\"");
        }
        int place = by.equals("key") ? 0 : 1;
        boolean sensitive = bound.flag(0, false);
        return sorted(dict.items(), bound.flag(2, false), item -> folded(((Tuple) item).get(place), sensitive));
    }

    private static Object unique(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("unique", "case_sensitive", "attribute");
        Function<Object, Object> get = getter(bound.get(1, None.NONE), c);
        Dict seen = new Dict();
        List<Object> unique = new ArrayList<>();
        for (Object item : spent(Values.items(value), c)) {
            Object key = folded(get.apply(item), bound.flag(0, false));
            if (!seen.has(key)) {
                seen.put(key, true);
                unique.add(item);
            }
        }
        return new Lazy(unique);
    }

    private static Object extreme(Object value, Args args, Context c, String which) {
        Args.Bound bound = args.bind(which, "case_sensitive", "attribute");
        Function<Object, Object> get = getter(bound.get(1, None.NONE), c);
        List<Object> items = spent(Values.items(value), c);
        if (items.isEmpty()) {
            return c.undefined("No aggregated item, sequence was empty.");
        }
        Object best = items.get(0);
        for (Object item : items) {
            int order = Values.compare(
                    folded(get.apply(item), bound.flag(0, false)), folded(get.apply(best), bound.flag(0, false)), "<");
            if (which.equals("min") ? order < 0 : order > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object sum(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("sum", "attribute", "start");
        Function<Object, Object> get = getter(bound.get(0, None.NONE), c);
        Object total = bound.get(1, 0L);
        if (total instanceof String) {
            throw new Fault("sum() can't sum strings [use ''.join(seq) instead]");
        }
        for (Object item : spent(Values.items(value), c)) {
            total = Arithmetic.apply("+", total, get.apply(item), c);
        }
        return total;
    }

    private static Object batch(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("batch", "linecount", "fill_with");
        int size = Math.max(1, Values.index(bound.get(0)));
        c.budget.requireOutput(size);
        List<Object> batches = new ArrayList<>();
        List<Object> items = spent(Values.items(value), c);
        for (int i = 0; i < items.size(); i += size) {
            List<Object> batch = new ArrayList<>(items.subList(i, Math.min(items.size(), i + size)));
            while (bound.get(1, None.NONE) != None.NONE && batch.size() < size) {
                batch.add(bound.get(1));
            }
            batches.add(batch);
        }
        return new Lazy(batches);
    }

    private static Object slice(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("slice", "slices", "fill_with");
        int slices = Math.max(1, Values.index(bound.get(0)));
        c.budget.spend(slices);
        List<Object> items = spent(Values.items(value), c);
        int each = items.size() / slices;
        int larger = items.size() % slices;
        List<Object> parts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < slices; i++) {
            int end = at + each + (i < larger ? 1 : 0);
            List<Object> part = new ArrayList<>(items.subList(at, end));
            if (bound.get(1, None.NONE) != None.NONE && i >= larger) {
                part.add(bound.get(1));
            }
            parts.add(part);
            at = end;
        }
        return new Lazy(parts);
    }

    private static Object groupBy(Object value, Args args, Context c) {
        Args.Bound bound = args.bind("groupby", "attribute", "default", "case_sensitive");
        Function<Object, Object> get = getter(bound.get(0), c);
        Object otherwise = bound.get(1, None.NONE);
        Function<Object, Object> key = item -> {
            Object found = get.apply(item);
            return found instanceof Undefined && otherwise != None.NONE ? otherwise : found;
        };
        Function<Object, Object> order = item -> folded(key.apply(item), bound.flag(2, false));
        List<Object> sorted = sorted(spent(Values.items(value), c), false, order);
        Map<Integer, List<Object>> groups = new LinkedHashMap<>();
        int group = 0;
        for (int i = 0; i < sorted.size(); i++) {
            if (i > 0 && !Values.equal(order.apply(sorted.get(i - 1)), order.apply(sorted.get(i)))) {
                group++;
            }
            groups.computeIfAbsent(group, g -> new ArrayList<>()).add(sorted.get(i));
        }
        List<Object> result = new ArrayList<>();
        groups.values().forEach(list -> result.add(new Group(key.apply(list.get(0)), list)));
        return result;
    }

    /** A pair whose halves have names. */
    static final class Group extends java.util.AbstractList<Object> {
        private final Object grouper;
        private final List<Object> list;

        Group(Object grouper, List<Object> list) {
            this.grouper = grouper;
            this.list = list;
        }

        @Override
        public Object get(int index) {
            return index == 0 ? grouper : list;
        }

        @Override
        public int size() {
            return 2;
        }
    }
}
