package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression; {@link #value} computes it. */
sealed interface Expr {
    Object value(Context c);

    private static Object of(Expr expr, Context c) {
        c.budget.spend(1);
        return expr.value(c);
    }

    record Constant(Object constant) implements Expr {
        @Override
        public Object value(Context c) {
            return constant;
        }
    }

    record Name(String name) implements Expr {
        @Override
        public Object value(Context c) {
            return c.lookup(name);
        }
    }

    record ListOf(List<Expr> items, boolean tuple) implements Expr {
        @Override
        public Object value(Context c) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(of(item, c)));
            return tuple ? new Tuple(values) : values;
        }
    }

    record DictOf(List<Expr> keys, List<Expr> values) implements Expr {
        @Override
        public Object value(Context c) {
            Dict dict = new Dict();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(of(keys.get(i), c), of(values.get(i), c));
            }
            return dict;
        }
    }

    record Attribute(Expr object, String name) implements Expr {
        @Override
        public Object value(Context c) {
            return Members.attribute(of(object, c), name, c);
        }
    }

    record Item(Expr object, Expr key) implements Expr {
        @Override
        public Object value(Context c) {
            return Members.item(of(object, c), of(key, c), c);
        }
    }

    /** Bounds that are not written are the constant None. */
    record Slice(Expr object, Expr from, Expr to, Expr step) implements Expr {
        @Override
        public Object value(Context c) {
            return Members.slice(of(object, c), of(from, c), of(to, c), of(step, c), c);
        }
    }

    /** What stands in a call's parentheses; {@code *more} and {@code **named} may be absent. */
    record Arguments(
            List<Expr> positional,
            Map<String, Expr> named,
            @Nullable Expr more,
            @Nullable Expr moreNamed) {
        static final Arguments NONE = new Arguments(List.of(), Map.of(), null, null);

        Args values(Context c) {
            List<Object> first = new ArrayList<>(positional.size());
            positional.forEach(e -> first.add(of(e, c)));
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((name, e) -> byName.put(name, of(e, c)));
            if (more != null) {
                first.addAll(Values.items(of(more, c)));
            }
            if (moreNamed != null) {
                if (!(of(moreNamed, c) instanceof Dict dict)) {
                    throw new Fault("argument after ** must be a mapping");
                }
                dict.keys().forEach(key -> byName.put(Values.str(key), Values.present(dict.get(key))));
            }
            return new Args(first, byName);
        }

        List<Expr> all() {
            List<Expr> all = new ArrayList<>(positional);
            all.addAll(named.values());
            if (more != null) {
                all.add(more);
            }
            if (moreNamed != null) {
                all.add(moreNamed);
            }
            return all;
        }
    }

    record Call(Expr function, Arguments arguments) implements Expr {
        @Override
        public Object value(Context c) {
            return call(arguments.values(c), c);
        }

        Object call(Args args, Context c) {
            Object callee = of(function, c);
            if (callee instanceof Undefined u) {
                throw u.fault();
            }
            if (callee instanceof Callable callable) {
                return callable.call(args, c);
            }
            throw new Fault("'" + Values.type(callee) + "' object is not callable");
        }
    }

    record Filter(Expr input, String name, Arguments arguments) implements Expr {
        @Override
        public Object value(Context c) {
            return Filters.apply(name, of(input, c), arguments.values(c), c);
        }
    }

    record Test(Expr input, String name, Arguments arguments) implements Expr {
        @Override
        public Object value(Context c) {
            return Tests.apply(name, of(input, c), arguments.values(c), c);
        }
    }

    /** {@code -a}, {@code +a}, {@code not a} */
    record Unary(String operator, Expr operand) implements Expr {
        @Override
        public Object value(Context c) {
            Object value = of(operand, c);
            if (operator.equals("not")) {
                return !Values.truth(value);
            }
            if (value instanceof Undefined u) {
                throw u.fault();
            }
            if (!Numbers.isNumber(value)) {
                throw new Fault("bad operand type for unary " + operator + ": '" + Values.type(value) + "'");
            }
            return operator.equals("-") ? Numbers.negate(value) : Numbers.add(value, 0L);
        }
    }

    record Binary(String operator, Expr left, Expr right) implements Expr {
        @Override
        public Object value(Context c) {
            return Arithmetic.apply(operator, of(left, c), of(right, c), c);
        }
    }

    /** {@code a ~ b ~ c} */
    record Concatenation(List<Expr> parts) implements Expr {
        @Override
        public Object value(Context c) {
            StringBuilder text = new StringBuilder();
            for (Expr part : parts) {
                Object value = of(part, c);
                if (c.strict() && value == None.NONE) {
                    throw new Fault("a value joined by ~ is null; use the filter default('', true) where it may be");
                }
                text.append(Values.str(value));
                c.budget.requireOutput(text.length());
            }
            c.budget.spend(text.length());
            return text.toString();
        }
    }

    record And(Expr left, Expr right) implements Expr {
        @Override
        public Object value(Context c) {
            Object value = of(left, c);
            return Values.truth(value) ? of(right, c) : value;
        }
    }

    record Or(Expr left, Expr right) implements Expr {
        @Override
        public Object value(Context c) {
            Object value = of(left, c);
            return Values.truth(value) ? value : of(right, c);
        }
    }

    /** {@code a < b <= c}: true if every neighbouring pair is. */
    record Comparison(Expr first, List<String> operators, List<Expr> rest) implements Expr {
        @Override
        public Object value(Context c) {
            Object left = of(first, c);
            for (int i = 0; i < operators.size(); i++) {
                Object right = of(rest.get(i), c);
                c.budget.spend(left instanceof String s ? s.length() / 16 : 1);
                if (!holds(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        static boolean holds(String operator, Object left, Object right) {
            return switch (operator) {
                case "==" -> Values.equal(left, right);
                case "!=" -> !Values.equal(left, right);
                case "in" -> Values.contains(right, left);
                case "not in" -> !Values.contains(right, left);
                case "<" -> Values.compare(left, right, operator) < 0;
                case "<=" -> Values.compare(left, right, operator) <= 0;
                case ">" -> Values.compare(left, right, operator) == 1;
                default -> {
                    int order = Values.compare(left, right, operator);
                    yield order == 0 || order == 1;
                }
            };
        }
    }

    /** {@code a if test else b}; without an else nothing defined. */
    record Conditional(Expr test, Expr then, @Nullable Expr otherwise) implements Expr {
        @Override
        public Object value(Context c) {
            if (Values.truth(of(test, c))) {
                return of(then, c);
            }
            // as transformers' Jinja, which has no message here, and never an error in print
            return otherwise == null
                    ? Undefined.of("the inline if-expression evaluated to false and no else section was defined.")
                    : of(otherwise, c);
        }
    }
}
