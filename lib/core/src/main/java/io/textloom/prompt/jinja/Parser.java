package io.textloom.prompt.jinja;

import io.textloom.prompt.jinja.Token.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Statements of a template. */
final class Parser {
    private final Tokens tokens;
    private final Names names;
    private final ExpressionParser expressions;

    Parser(String source, boolean strict) {
        tokens = new Tokens(Lexer.tokens(source));
        names = new Names(tokens, strict);
        expressions = new ExpressionParser(tokens, names);
    }

    Names names() {
        return names;
    }

    List<Statement> template() {
        return body("the template", 1);
    }

    /** Statements up to the block with one of the names, whose name is the current token then. */
    private List<Statement> body(String opened, int openedAt, String... ends) {
        List<Statement> body = new ArrayList<>();
        tokens.enter();
        while (true) {
            Token token = tokens.next();
            if (token.type() == Type.DATA) {
                body.add(new Statement.Data(token.line(), token.text()));
            } else if (token.type() == Type.PRINT_BEGIN) {
                body.add(new Statement.Print(token.line(), expressions.tuple(true)));
                tokens.expect(Type.PRINT_END, "}}");
            } else if (token.type() == Type.BLOCK_BEGIN) {
                Token name = tokens.current();
                if (name.type() == Type.NAME && List.of(ends).contains(name.text())) {
                    tokens.leave();
                    return body;
                }
                body.add(statement(opened, ends));
            } else if (ends.length == 0) {
                tokens.leave();
                return body;
            } else {
                throw new TemplateException(openedAt, opened + " has no {% " + ends[ends.length - 1] + " %}");
            }
        }
    }

    private void end(String name) {
        if (!tokens.takeName(name)) {
            throw tokens.fail(
                    "expected {% " + name + " %}, found " + tokens.current().description());
        }
        blockEnd();
    }

    private void blockEnd() {
        tokens.expect(Type.BLOCK_END, "%}");
    }

    private Statement statement(String opened, String... ends) {
        Token name = tokens.expect(Type.NAME, "the name of a statement");
        int line = name.line();
        return switch (name.text()) {
            case "for" -> loop(line);
            case "if" -> condition(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "with" -> with(line);
            case "generation" -> section(line, name.text());
            case "block" -> {
                tokens.expect(Type.NAME, "the block's name");
                yield section(line, name.text());
            }
            case "autoescape" -> {
                Expr on = expressions.expression();
                if (!(on instanceof Expr.Constant c && !Values.truth(c.constant()))) {
                    throw new TemplateException(line, "nothing is escaped here; expected {% autoescape false %}");
                }
                yield section(line, name.text());
            }
            case "break", "continue" -> {
                blockEnd();
                yield new Statement.Jump(
                        line, name.text().equals("break") ? Statement.Flow.BREAK : Statement.Flow.CONTINUE);
            }
            case "print" -> {
                Expr expr = expressions.tuple(true);
                blockEnd();
                yield new Statement.Print(line, expr);
            }
            case "include", "import", "from", "extends" ->
                throw new TemplateException(
                        line, "{% " + name.text() + " %} would read another template, which this one cannot");
            default ->
                throw new TemplateException(
                        line,
                        "unknown statement " + name.text()
                                + (ends.length == 0
                                        ? ""
                                        : "; expected " + String.join(" or ", ends) + " for " + opened));
        };
    }

    private Statement loop(int line) {
        names.enter();
        Target target = target(false);
        if (!tokens.takeName("in")) {
            throw tokens.fail("expected in, found " + tokens.current().description());
        }
        Expr items = expressions.tuple(false);
        names.set(target);
        Expr test = tokens.takeName("if") ? expressions.expression() : null;
        boolean recursive = tokens.takeName("recursive");
        blockEnd();
        names.set("loop");
        List<Statement> body = body("{% for %}", line, "else", "endfor");
        names.leave();
        List<Statement> otherwise = List.of();
        if (tokens.takeName("else")) {
            blockEnd();
            names.enter();
            otherwise = body("{% for %}", line, "endfor");
            names.leave();
        }
        end("endfor");
        return new Statement.For(line, target, items, test, recursive, body, otherwise);
    }

    private Statement condition(int line) {
        List<Expr> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            tests.add(expressions.tuple(false));
            blockEnd();
            bodies.add(body("{% if %}", line, "elif", "else", "endif"));
        } while (tokens.takeName("elif"));
        if (tokens.takeName("else")) {
            blockEnd();
            otherwise = body("{% if %}", line, "endif");
        }
        end("endif");
        return new Statement.If(line, tests, bodies, otherwise);
    }

    private Statement set(int line) {
        Target target = target(true);
        if (tokens.takeOperator("=")) {
            Expr expr = expressions.tuple(true);
            blockEnd();
            names.set(target);
            return new Statement.Set(line, target, expr);
        }
        List<Expr.Filter> filters = filters();
        blockEnd();
        List<Statement> body = scoped("{% set %}", line, "endset");
        names.set(target);
        return new Statement.SetText(line, target, filters, body);
    }

    private List<Expr.Filter> filters() {
        List<Expr.Filter> filters = new ArrayList<>();
        while (tokens.takeOperator("|")) {
            filters.add(expressions.filter(new Expr.Constant("")));
        }
        return filters;
    }

    /** A body with names of its own, and its end. */
    private List<Statement> scoped(String opened, int line, String end) {
        names.enter();
        List<Statement> body = body(opened, line, end);
        names.leave();
        end(end);
        return body;
    }

    private Statement section(int line, String name) {
        blockEnd();
        names.enter();
        String end = "end" + name;
        List<Statement> body = body("{% " + name + " %}", line, end);
        names.leave();
        tokens.takeName(end);
        if (name.equals("block") && tokens.is(Type.NAME)) {
            tokens.next();
        }
        blockEnd();
        return new Statement.Section(line, body);
    }

    private Statement macro(int line) {
        String name = tokens.expect(Type.NAME, "the macro's name").text();
        names.set(name);
        MacroBody body = macroBody(name, "{% macro %}", line, "endmacro", true);
        return new Statement.MacroDefinition(line, body);
    }

    private MacroBody macroBody(String name, String opened, int line, String end, boolean signature) {
        names.enter();
        names.enterMacro();
        List<String> parameters = new ArrayList<>();
        List<Expr> defaults = new ArrayList<>();
        if (signature) {
            signature(parameters, defaults);
        }
        blockEnd();
        return finishMacro(name, parameters, defaults, opened, line, end);
    }

    private MacroBody finishMacro(
            String name, List<String> parameters, List<Expr> defaults, String opened, int line, String end) {
        for (String own : List.of("varargs", "kwargs", "caller")) {
            names.set(own);
        }
        List<Statement> body = body(opened, line, end);
        Set<String> reads = new HashSet<>(names.leaveMacro());
        names.leave();
        end(end);
        return new MacroBody(name, parameters, defaults, body, reads);
    }

    private void signature(List<String> parameters, List<Expr> defaults) {
        tokens.expectOperator("(");
        while (!tokens.takeOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String parameter = tokens.expect(Type.NAME, "a parameter's name").text();
            if (tokens.takeOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.fail("a parameter without a default stands behind one with");
            }
            parameters.add(parameter);
            names.set(parameter);
        }
    }

    private Statement call(int line) {
        names.enter();
        names.enterMacro();
        List<String> parameters = new ArrayList<>();
        List<Expr> defaults = new ArrayList<>();
        if (tokens.current().operator("(")) {
            signature(parameters, defaults);
        }
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw new TemplateException(line, "{% call %} expects a call such as macro(…)");
        }
        blockEnd();
        return new Statement.CallBlock(
                line, finishMacro("caller", parameters, defaults, "{% call %}", line, "endcall"), call);
    }

    private Statement filter(int line) {
        List<Expr.Filter> filters = new ArrayList<>();
        filters.add(expressions.filter(new Expr.Constant("")));
        filters.addAll(filters());
        blockEnd();
        return new Statement.FilterText(line, filters, scoped("{% filter %}", line, "endfilter"));
    }

    private Statement with(int line) {
        names.enter();
        List<Target> targets = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.is(Type.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        targets.forEach(names::set);
        blockEnd();
        List<Statement> body = body("{% with %}", line, "endwith");
        names.leave();
        end("endwith");
        return new Statement.With(line, targets, values, body);
    }

    /** A name, a namespace's attribute, or several with commas or in parentheses. */
    private Target target(boolean attributes) {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        do {
            if (several
                    && !(tokens.is(Type.NAME) && !tokens.current().name("in")
                            || tokens.current().operator("("))) {
                break;
            }
            targets.add(oneTarget(attributes));
            several |= tokens.current().operator(",");
        } while (tokens.takeOperator(","));
        return several ? new Target.Several(targets) : targets.get(0);
    }

    private Target oneTarget(boolean attributes) {
        if (tokens.takeOperator("(")) {
            tokens.enter();
            Target inner = target(attributes);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Type.NAME, "a name to set");
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw new TemplateException(name.line(), "cannot set " + name.text());
        }
        if (attributes && tokens.takeOperator(".")) {
            names.read(name.text());
            return new Target.Attribute(
                    name.text(), tokens.expect(Type.NAME, "an attribute").text());
        }
        return new Target.Name(name.text());
    }
}
