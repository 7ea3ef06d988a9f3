package io.textloom.prompt.jinja;

import io.textloom.prompt.jinja.Expr.Arguments;
import io.textloom.prompt.jinja.Token.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Expressions. From loose to tight: {@code a if b else c}, or, and, not, comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs, then attributes, calls, filters and
 * tests.
 */
final class ExpressionParser {
    private static final Expr NONE = new Expr.Constant(None.NONE);
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Tokens tokens;
    private final Names names;

    ExpressionParser(Tokens tokens, Names names) {
        this.tokens = tokens;
        this.names = names;
    }

    Expr expression() {
        tokens.enter();
        Expr then = or();
        while (tokens.takeName("if")) {
            Expr test = or();
            Expr otherwise = tokens.takeName("else") ? expression() : null;
            then = new Expr.Conditional(test, then, otherwise);
        }
        tokens.leave();
        return then;
    }

    /** One expression, or several with commas: a tuple. */
    Expr tuple(boolean conditional) {
        List<Expr> items = new ArrayList<>();
        boolean tuple = false;
        while (!endsTuple()) {
            items.add(conditional ? expression() : or());
            if (!tokens.takeOperator(",")) {
                break;
            }
            tuple = true;
        }
        if (items.isEmpty()) {
            throw tokens.fail(
                    "expected an expression, found " + tokens.current().description());
        }
        return tuple ? new Expr.ListOf(items, true) : items.get(0);
    }

    private boolean endsTuple() {
        Token token = tokens.current();
        return token.type() == Type.BLOCK_END
                || token.type() == Type.PRINT_END
                || token.operator(")")
                || token.name("recursive");
    }

    Expr or() {
        Expr left = and();
        while (tokens.takeName("or")) {
            left = new Expr.Or(left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (tokens.takeName("and")) {
            left = new Expr.And(left, not());
        }
        return left;
    }

    private Expr not() {
        if (tokens.current().name("not") && !tokens.ahead().name("in")) {
            tokens.next();
            tokens.enter();
            Expr operand = not();
            tokens.leave();
            return new Expr.Unary("not", operand);
        }
        return comparison();
    }

    private Expr comparison() {
        Expr first = sum();
        List<String> operators = new ArrayList<>();
        List<Expr> rest = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.type() == Type.OPERATOR && COMPARISONS.contains(token.text()) || token.name("in")) {
                operators.add(tokens.next().text());
            } else if (token.name("not") && tokens.ahead().name("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                return rest.isEmpty() ? first : new Expr.Comparison(first, operators, rest);
            }
            rest.add(sum());
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        while (tokens.current().operator("+") || tokens.current().operator("-")) {
            String operator = tokens.next().text();
            left = new Expr.Binary(operator, left, concatenation());
        }
        return left;
    }

    private Expr concatenation() {
        Expr first = product();
        if (!tokens.current().operator("~")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (tokens.takeOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concatenation(parts);
    }

    private Expr product() {
        Expr left = power();
        while (true) {
            Token token = tokens.current();
            if (!(token.operator("*") || token.operator("/") || token.operator("//") || token.operator("%"))) {
                return left;
            }
            String operator = tokens.next().text();
            left = new Expr.Binary(operator, left, power());
        }
    }

    private Expr power() {
        Expr left = unary(true);
        while (tokens.takeOperator("**")) {
            left = new Expr.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expr unary(boolean filters) {
        Expr expr;
        if (tokens.current().operator("-") || tokens.current().operator("+")) {
            String sign = tokens.next().text();
            tokens.enter();
            expr = new Expr.Unary(sign, unary(false));
            tokens.leave();
        } else {
            expr = primary();
        }
        expr = postfix(expr);
        return filters ? filtersAndTests(expr) : expr;
    }

    Expr primary() {
        Token token = tokens.next();
        return switch (token.type()) {
            case NAME -> name(token);
            case STRING -> string(token);
            case INTEGER -> new Expr.Constant(integer(token.text()));
            case FLOAT -> new Expr.Constant(Double.valueOf(token.text()));
            case OPERATOR -> bracketed(token);
            default -> throw new TemplateException(token.line(), "unexpected " + token.description());
        };
    }

    private Expr name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expr.Constant(true);
            case "false", "False" -> new Expr.Constant(false);
            case "none", "None" -> NONE;
            default -> {
                names.read(token.text());
                yield new Expr.Name(token.text());
            }
        };
    }

    private Expr string(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (tokens.is(Type.STRING)) {
            text.append(tokens.next().text());
        }
        return new Expr.Constant(text.toString());
    }

    private static Object integer(String text) {
        String digits = text.length() > 2 ? text.substring(2) : text;
        int radix = text.length() < 2
                ? 10
                : switch (text.charAt(1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    case 'b', 'B' -> 2;
                    default -> 10;
                };
        return Numbers.integer(new BigInteger(radix == 10 ? text : digits, radix));
    }

    private Expr bracketed(Token open) {
        switch (open.text()) {
            case "(" -> {
                if (tokens.takeOperator(")")) {
                    return new Expr.ListOf(List.of(), true);
                }
                Expr inner = tuple(true);
                tokens.expectOperator(")");
                return inner;
            }
            case "[" -> {
                List<Expr> items = new ArrayList<>();
                while (!tokens.takeOperator("]")) {
                    comma(items.size());
                    if (tokens.takeOperator("]")) {
                        break;
                    }
                    items.add(expression());
                }
                return new Expr.ListOf(items, false);
            }
            case "{" -> {
                return dict();
            }
            default -> throw new TemplateException(open.line(), "unexpected " + open.text());
        }
    }

    private void comma(int before) {
        if (before > 0) {
            tokens.expectOperator(",");
        }
    }

    private Expr dict() {
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            comma(keys.size());
            if (tokens.takeOperator("}")) {
                break;
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        return new Expr.DictOf(keys, values);
    }

    private Expr postfix(Expr start) {
        Expr expr = start;
        while (true) {
            if (tokens.takeOperator(".")) {
                Token token = tokens.next();
                expr = switch (token.type()) {
                    case NAME -> new Expr.Attribute(expr, token.text());
                    case INTEGER -> new Expr.Item(expr, new Expr.Constant(integer(token.text())));
                    default ->
                        throw new TemplateException(
                                token.line(), "expected a name or number after the dot, found " + token.description());
                };
            } else if (tokens.takeOperator("[")) {
                expr = subscript(expr);
            } else if (tokens.current().operator("(")) {
                expr = new Expr.Call(expr, arguments());
            } else {
                return expr;
            }
        }
    }

    private Expr subscript(Expr object) {
        List<Expr> keys = new ArrayList<>();
        Expr slice = null;
        while (!tokens.takeOperator("]")) {
            comma(keys.size());
            Expr from = tokens.current().operator(":") ? NONE : expression();
            if (tokens.takeOperator(":")) {
                Expr to = bound();
                Expr step = tokens.takeOperator(":") ? bound() : NONE;
                slice = new Expr.Slice(object, from, to, step);
            }
            keys.add(from);
        }
        if (keys.isEmpty() || slice != null && keys.size() > 1) {
            throw tokens.fail("expected one key or slice in [ ]");
        }
        return slice != null
                ? slice
                : new Expr.Item(object, keys.size() == 1 ? keys.get(0) : new Expr.ListOf(keys, true));
    }

    private Expr bound() {
        Token token = tokens.current();
        return token.operator(":") || token.operator("]") || token.operator(",") ? NONE : expression();
    }

    private Expr filtersAndTests(Expr start) {
        Expr expr = start;
        while (true) {
            if (tokens.takeOperator("|")) {
                expr = filter(expr);
            } else if (tokens.takeName("is")) {
                expr = test(expr);
            } else if (tokens.current().operator("(")) {
                expr = new Expr.Call(expr, arguments());
            } else {
                return expr;
            }
        }
    }

    /** The name and arguments of a filter; its bar is taken. */
    Expr.Filter filter(Expr input) {
        int line = tokens.line();
        String name = dotted("a filter's name");
        if (!Filters.has(name)) {
            names.unknown(line, "there is no filter " + name);
        }
        if (name.equals("default") || name.equals("d")) {
            names.optional(input);
        }
        return new Expr.Filter(input, name, tokens.current().operator("(") ? arguments() : Arguments.NONE);
    }

    private String dotted(String what) {
        StringBuilder name = new StringBuilder(tokens.expect(Type.NAME, what).text());
        while (tokens.takeOperator(".")) {
            name.append('.').append(tokens.expect(Type.NAME, what).text());
        }
        return name.toString();
    }

    private Expr test(Expr input) {
        boolean negated = tokens.takeName("not");
        int line = tokens.line();
        String name = dotted("a test's name");
        if (!Tests.has(name)) {
            names.unknown(line, "there is no test " + name);
        }
        if (name.equals("defined") || name.equals("undefined")) {
            names.optional(input);
        }
        Arguments arguments = Arguments.NONE;
        if (tokens.current().operator("(")) {
            arguments = arguments();
        } else if (beginsOperand(tokens.current())) {
            if (tokens.current().name("is")) {
                throw tokens.fail("tests cannot be chained with is");
            }
            arguments = new Arguments(List.of(postfix(primary())), Map.of(), null, null);
        }
        Expr test = new Expr.Test(input, name, arguments);
        return negated ? new Expr.Unary("not", test) : test;
    }

    private static boolean beginsOperand(Token token) {
        return switch (token.type()) {
            case NAME -> !token.name("else") && !token.name("or") && !token.name("and") && !token.name("if");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.operator("[") || token.operator("{");
            default -> false;
        };
    }

    Arguments arguments() {
        int line = tokens.line();
        tokens.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        @Nullable Expr more = null;
        @Nullable Expr moreNamed = null;
        boolean first = true;
        while (!tokens.takeOperator(")")) {
            comma(first ? 0 : 1);
            if (!first && tokens.takeOperator(")")) {
                break;
            }
            first = false;
            if (tokens.takeOperator("**")) {
                moreNamed = expression();
            } else if (tokens.takeOperator("*")) {
                more = expression();
            } else if (tokens.is(Type.NAME) && tokens.ahead().operator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty() && more == null && moreNamed == null) {
                positional.add(expression());
            } else {
                throw new TemplateException(line, "an argument by position stands behind one by name");
            }
        }
        return new Arguments(positional, named, more, moreNamed);
    }
}
