package io.textloom.prompt.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}; called, it goes down a recursive loop. */
final class Loop implements Callable {
    private final Statement.For statement;
    private final List<Object> items;
    private final int depth;
    private final Scope outer;
    private int index;
    private @Nullable Tuple seen;

    Loop(Statement.For statement, List<Object> items, int depth, Scope outer) {
        this.statement = statement;
        this.items = items;
        this.depth = depth;
        this.outer = outer;
    }

    void moveTo(int round) {
        index = round;
    }

    @Override
    public Object call(Args args, Context c) {
        if (!statement.recursive()) {
            throw new Fault("The loop must have the 'recursive' marker to be called recursively.");
        }
        Object over = args.bind("loop", "iterable").get(0);
        c.budget.enter();
        try {
            return c.capture(new Scope(outer), () -> statement.loop(over, depth + 1, outer, c));
        } finally {
            c.budget.leave();
        }
    }

    @Nullable
    Object attribute(String name, Context c) {
        int last = items.size() - 1;
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> last - index + 1L;
            case "revindex0" -> (long) last - index;
            case "first" -> index == 0;
            case "last" -> index == last;
            case "length" -> (long) items.size();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index == 0 ? c.undefined("there is no previous item") : items.get(index - 1);
            case "nextitem" -> index == last ? c.undefined("there is no next item") : items.get(index + 1);
            case "cycle" ->
                (Callable) (args, x) -> {
                    if (args.positional().isEmpty()) {
                        throw new Fault("no items for cycling given");
                    }
                    return args.positional().get(index % args.positional().size());
                };
            case "changed" ->
                (Callable) (args, x) -> {
                    Tuple now = new Tuple(args.positional());
                    boolean changed = seen == null || !Values.equal(seen, now);
                    seen = now;
                    return changed;
                };
            default -> null;
        };
    }

    @Override
    public String spelling() {
        return "<LoopContext " + (index + 1) + "/" + items.size() + ">";
    }
}
