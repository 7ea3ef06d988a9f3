package io.textloom.prompt.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which names a template reads that it has not set itself, found while it is parsed. A name that is asked for with {@code is defined} or has a {@code default} may be absent.
 */
final class Names {
    private final boolean strict;
    private final Deque<Set<String>> set = new ArrayDeque<>();
    private final Deque<Set<String>> macroReads = new ArrayDeque<>();
    private final Map<String, Integer> free = new LinkedHashMap<>();
    private final Set<String> optional = new HashSet<>();
    private final Tokens tokens;

    Names(Tokens tokens, boolean strict) {
        this.tokens = tokens;
        this.strict = strict;
        set.push(new HashSet<>());
    }

    void enter() {
        set.push(new HashSet<>());
    }

    void leave() {
        set.pop();
    }

    void enterMacro() {
        macroReads.push(new LinkedHashSet<>());
    }

    /** What the macro's body read. */
    Set<String> leaveMacro() {
        Set<String> reads = macroReads.pop();
        return reads;
    }

    void set(String name) {
        set.element().add(name);
    }

    void set(Target target) {
        target.names().forEach(this::set);
    }

    void read(String name) {
        macroReads.forEach(reads -> reads.add(name));
        if (set.stream().noneMatch(names -> names.contains(name))) {
            free.putIfAbsent(name, tokens.line());
        }
    }

    void optional(Expr expr) {
        if (expr instanceof Expr.Name name) {
            optional.add(name.name());
        }
    }

    /** An error where templates are strict; else only where it is reached. */
    void unknown(int line, String message) {
        if (strict) {
            throw new TemplateException(line, message);
        }
    }

    /** Name → the line that reads it first. */
    Map<String, Integer> free() {
        return free;
    }

    Set<String> optional() {
        return optional;
    }
}
