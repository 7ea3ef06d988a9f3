package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A macro with the scope it was defined in. */
final class Macro implements Callable {
    private final MacroBody macro;
    private final Scope scope;

    Macro(MacroBody macro, Scope scope) {
        this.macro = macro;
        this.scope = scope;
    }

    @Override
    public Object call(Args args, Context c) {
        Scope inner = new Scope(scope);
        List<String> parameters = macro.parameters();
        List<Object> given = args.positional();
        int required = parameters.size() - macro.defaults().size();
        Dict more = new Dict();
        args.named().forEach((name, value) -> {
            if (!parameters.contains(name)) {
                more.put(name, value);
            } else if (parameters.indexOf(name) < given.size()) {
                throw new Fault("macro '" + macro.name() + "' got multiple values for argument '" + name + "'");
            }
        });
        c.budget.enter();
        try {
            for (int i = 0; i < parameters.size(); i++) {
                String name = parameters.get(i);
                Object value = i < given.size() ? given.get(i) : args.named().get(name);
                if (value == null && i >= required) {
                    Expr expr = macro.defaults().get(i - required);
                    Object[] computed = new Object[1];
                    c.within(inner, () -> computed[0] = expr.value(c));
                    value = computed[0];
                }
                inner.set(name, value == null ? c.undefined("parameter '" + name + "' was not provided") : value);
            }
            bindRest(given, more, inner);
            String text = Statement.text(macro.body(), inner, c);
            c.budget.spend(text.length());
            return text;
        } finally {
            c.budget.leave();
        }
    }

    private void bindRest(List<Object> given, Dict more, Scope inner) {
        if (macro.reads().contains("caller")) {
            Object caller = more.get("caller");
            inner.set("caller", caller == null ? Undefined.of("No caller defined") : caller);
        }
        Dict named = new Dict();
        more.keys().stream()
                .filter(key -> !key.equals("caller") || !macro.reads().contains("caller"))
                .forEach(key -> named.put(key, Values.present(more.get(key))));
        if (macro.reads().contains("kwargs")) {
            inner.set("kwargs", named);
        } else if (named.size() > 0) {
            throw new Fault("macro '" + macro.name() + "' takes no keyword argument '"
                    + named.keys().get(0) + "'");
        }
        int count = macro.parameters().size();
        if (macro.reads().contains("varargs")) {
            inner.set(
                    "varargs", new Tuple(new ArrayList<>(given.subList(Math.min(count, given.size()), given.size()))));
        } else if (given.size() > count) {
            throw new Fault("macro '" + macro.name() + "' takes not more than " + count + " argument(s)");
        }
    }

    @Nullable
    Object attribute(String name) {
        return switch (name) {
            case "name" -> macro.name();
            case "arguments" -> new Tuple(new ArrayList<>(macro.parameters()));
            default -> null;
        };
    }

    @Override
    public String spelling() {
        return "<Macro '" + macro.name() + "'>";
    }
}
