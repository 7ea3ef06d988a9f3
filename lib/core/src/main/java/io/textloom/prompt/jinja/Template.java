package io.textloom.prompt.jinja;

import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template. Immutable and safe for concurrent use.
 *
 * <p>A rendering sees its variables and nothing else: no files, no classes, no changes to what it is given, and no more work than its {@link Limits}.
 */
public final class Template {
    private final List<Statement> body;
    private final boolean strict;
    private final Map<String, Integer> free;
    private final Set<String> optional;

    private Template(List<Statement> body, boolean strict, Map<String, Integer> free, Set<String> optional) {
        this.body = body;
        this.strict = strict;
        this.free = free;
        this.optional = optional;
    }

    /**
     * A template as the renderer of chat templates takes it: names that are not there print as nothing.
     *
     * @throws TemplateException if it cannot be parsed
     */
    public static Template lenient(String source) {
        return parse(source, false);
    }

    /**
     * A template in which a name that is not there, a null that is printed, and an unknown filter or test are errors.
     *
     * @throws TemplateException if it cannot be parsed
     */
    public static Template strict(String source) {
        return parse(source, true);
    }

    private static Template parse(String source, boolean strict) {
        try {
            Parser parser = new Parser(source, strict);
            List<Statement> body = parser.template();
            return new Template(
                    body, strict, parser.names().free(), parser.names().optional());
        } catch (StackOverflowError e) {
            throw new TemplateException(1, "expressions are nested too deep");
        } catch (Fault e) {
            throw new TemplateException(1, String.valueOf(e.getMessage()));
        }
    }

    /** Names that the template reads and does not set, functions it could mean left out, with the line that reads each first. */
    public Map<String, Integer> variables() {
        Map<String, Integer> variables = new LinkedHashMap<>(free);
        variables.keySet().removeAll(Functions.GLOBALS.keySet());
        return variables;
    }

    /** Whether it asks what day it is. */
    public boolean readsClock() {
        return free.containsKey(Functions.CLOCK);
    }

    /** Those of {@link #variables} that may be absent: the template asks whether they are defined, or has a default for them. */
    public Set<String> optionalVariables() {
        Set<String> names = new HashSet<>(optional);
        names.retainAll(variables().keySet());
        return names;
    }

    /** As {@link #render(Map, LocalDateTime, Limits)} with the default limits. */
    public String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
        return render(variables, now, Limits.DEFAULT);
    }

    /**
     * Renders the template.
     *
     * @param variables strings, numbers, booleans, nulls, lists and maps of them
     * @param now what {@code strftime_now} says
     * @throws TemplateException if the template fails, raises, or goes over the limits
     */
    public String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now, Limits limits) {
        Scope scope = new Scope(null);
        variables.forEach((name, value) -> scope.set(name, Values.of(value)));
        Context context = new Context(limits, now, strict, scope);
        try {
            Statement.all(body, context);
            return context.text();
        } catch (StackOverflowError e) {
            throw new TemplateException(1, "macros or values are nested too deep");
        }
    }
}
