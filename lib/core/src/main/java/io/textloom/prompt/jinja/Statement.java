package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement; {@link #render} does it. */
sealed interface Statement {
    /** How the statements around go on. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Of the template, from 1. */
    int line();

    Flow render(Context c);

    /** Renders statements in turn; a fault gets the line of its statement. */
    static Flow all(List<Statement> body, Context c) {
        for (Statement statement : body) {
            try {
                c.budget.spend(1);
                Flow flow = statement.render(c);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            } catch (Fault e) {
                throw new TemplateException(statement.line(), String.valueOf(e.getMessage()));
            }
        }
        return Flow.NEXT;
    }

    /** The text of statements in a scope of their own. */
    static String text(List<Statement> body, Scope inner, Context c) {
        return c.capture(inner, () -> all(body, c));
    }

    record Data(int line, String text) implements Statement {
        @Override
        public Flow render(Context c) {
            c.write(text);
            return Flow.NEXT;
        }
    }

    record Print(int line, Expr expr) implements Statement {
        @Override
        public Flow render(Context c) {
            c.print(expr.value(c));
            return Flow.NEXT;
        }
    }

    record If(int line, List<Expr> tests, List<List<Statement>> bodies, List<Statement> otherwise)
            implements Statement {
        @Override
        public Flow render(Context c) {
            for (int i = 0; i < tests.size(); i++) {
                if (Values.truth(tests.get(i).value(c))) {
                    return all(bodies.get(i), c);
                }
            }
            return all(otherwise, c);
        }
    }

    record For(
            int line,
            Target target,
            Expr items,
            @Nullable Expr test,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {
        @Override
        public Flow render(Context c) {
            loop(items.value(c), 0, c.scope(), c);
            return Flow.NEXT;
        }

        void loop(Object over, int depth, Scope outer, Context c) {
            List<Object> chosen = chosen(Values.items(over), outer, c);
            Loop loop = new Loop(this, chosen, depth, outer);
            for (int i = 0; i < chosen.size(); i++) {
                c.budget.spend(1);
                loop.moveTo(i);
                Scope round = new Scope(outer);
                target.set(chosen.get(i), round, c);
                round.set("loop", loop);
                Flow[] flow = {Flow.NEXT};
                c.within(round, () -> flow[0] = all(body, c));
                if (flow[0] == Flow.BREAK) {
                    break;
                }
            }
            if (chosen.isEmpty()) {
                c.within(new Scope(outer), () -> all(otherwise, c));
            }
        }

        private List<Object> chosen(List<Object> all, Scope outer, Context c) {
            if (test == null) {
                return all;
            }
            List<Object> chosen = new ArrayList<>();
            for (Object item : all) {
                Scope round = new Scope(outer);
                target.set(item, round, c);
                c.within(round, () -> {
                    if (Values.truth(test.value(c))) {
                        chosen.add(item);
                    }
                });
            }
            return chosen;
        }
    }

    record Jump(int line, Flow flow) implements Statement {
        @Override
        public Flow render(Context c) {
            return flow;
        }
    }

    record Set(int line, Target target, Expr expr) implements Statement {
        @Override
        public Flow render(Context c) {
            target.set(expr.value(c), c.scope(), c);
            return Flow.NEXT;
        }
    }

    /** {@code {% set name %}…{% endset %}} */
    record SetText(int line, Target target, List<Expr.Filter> filters, List<Statement> body) implements Statement {
        @Override
        public Flow render(Context c) {
            Object text = filtered(text(body, new Scope(c.scope()), c), filters, c);
            target.set(text, c.scope(), c);
            return Flow.NEXT;
        }
    }

    private static Object filtered(Object text, List<Expr.Filter> filters, Context c) {
        Object value = text;
        for (Expr.Filter filter : filters) {
            value = Filters.apply(filter.name(), value, filter.arguments().values(c), c);
        }
        return value;
    }

    record FilterText(int line, List<Expr.Filter> filters, List<Statement> body) implements Statement {
        @Override
        public Flow render(Context c) {
            c.print(filtered(text(body, new Scope(c.scope()), c), filters, c));
            return Flow.NEXT;
        }
    }

    record With(int line, List<Target> targets, List<Expr> values, List<Statement> body) implements Statement {
        @Override
        public Flow render(Context c) {
            Scope inner = new Scope(c.scope());
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).set(values.get(i).value(c), inner, c);
            }
            Flow[] flow = {Flow.NEXT};
            c.within(inner, () -> flow[0] = all(body, c));
            return flow[0];
        }
    }

    record MacroDefinition(int line, MacroBody macro) implements Statement {
        @Override
        public Flow render(Context c) {
            c.scope().set(macro.name(), new Macro(macro, c.scope()));
            return Flow.NEXT;
        }
    }

    /** {@code {% call(x) macro(…) %}…{% endcall %}} */
    record CallBlock(int line, MacroBody caller, Expr.Call call) implements Statement {
        @Override
        public Flow render(Context c) {
            Args args = call.arguments().values(c).with("caller", new Macro(caller, c.scope()));
            c.print(call.call(args, c));
            return Flow.NEXT;
        }
    }

    /** A stretch with names of its own: generation, block, autoescape. */
    record Section(int line, List<Statement> body) implements Statement {
        @Override
        public Flow render(Context c) {
            c.within(new Scope(c.scope()), () -> all(body, c));
            return Flow.NEXT;
        }
    }
}
