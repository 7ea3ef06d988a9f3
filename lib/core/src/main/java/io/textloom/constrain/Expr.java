package io.textloom.constrain;

import java.util.List;

/** What texts look like: regular expressions, and references to rules of a {@link Grammar}, which may be recursive. */
sealed interface Expr {
    Expr EMPTY = new Words(List.of(""));

    /** No upper bound of a repetition. */
    int UNBOUNDED = -1;

    /** One of some texts. */
    record Words(List<String> words) implements Expr {}

    /** One character of a set. */
    record Chars(CodePoints set) implements Expr {}

    record Seq(List<Expr> parts) implements Expr {}

    record Alt(List<Expr> ways) implements Expr {}

    /** @param max {@link #UNBOUNDED} for no bound */
    record Repeat(Expr part, int min, int max) implements Expr {}

    /** A text of another rule. */
    record Ref(int rule) implements Expr {}

    /** Members in this order, a separator between those that are there. */
    record Listed(List<Member> members, Expr separator) implements Expr {}

    /**
     * @param required whether it is there once; otherwise it may be left out
     * @param many whether it may be there several times
     */
    record Member(Expr text, boolean required, boolean many) {}

    static Expr text(String text) {
        return new Words(List.of(text));
    }

    static Expr chars(CodePoints set) {
        return new Chars(set);
    }

    static Expr seq(Expr... parts) {
        return new Seq(List.of(parts));
    }

    static Expr alt(List<? extends Expr> ways) {
        return ways.size() == 1 ? ways.get(0) : new Alt(List.copyOf(ways));
    }

    static Expr optional(Expr part) {
        return new Repeat(part, 0, 1);
    }

    static Expr star(Expr part) {
        return new Repeat(part, 0, UNBOUNDED);
    }
}
