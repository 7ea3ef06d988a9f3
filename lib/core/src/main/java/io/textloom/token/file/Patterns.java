package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.token.pattern.Literal;
import io.textloom.token.pattern.Pattern;
import io.textloom.token.pattern.Regex;
import java.util.Optional;

/** The field {@code pattern}: {@code {"String": …}} or {@code {"Regex": …}}. */
final class Patterns {
    private Patterns() {}

    /** @throws NotCovered if it is a regular expression with something that is not here */
    static Pattern of(Part part) {
        JsonNode pattern = part.field("pattern");
        JsonNode literal = pattern.path("String");
        JsonNode expression = pattern.path("Regex");
        if (pattern.size() != 1 || !(literal.isTextual() || expression.isTextual())) {
            throw part.wrong("pattern", "{\"String\": …} or {\"Regex\": …}");
        }
        if (literal.isTextual()) {
            if (literal.textValue().isEmpty()) {
                throw part.notCovered("by an empty pattern");
            }
            return new Literal(literal.textValue());
        }
        Optional<Pattern> regex = Regex.compile(expression.textValue());
        return regex.orElseThrow(() -> part.notCovered("by " + pattern));
    }
}
