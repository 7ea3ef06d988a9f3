package io.textloom.constrain;

import java.io.Serializable;
import java.util.List;

/**
 * What completions may look like; at most one of the three is given.
 *
 * @param choices texts of which the completion is one; empty for no limit
 * @param regex pattern that the whole completion matches; empty for no limit
 * @param jsonSchema JSON schema that the completion is an instance of, as a text; empty for no limit
 */
public record ConstraintOptions(List<String> choices, String regex, String jsonSchema) implements Serializable {
    /** Any text. */
    public static final ConstraintOptions NONE = new ConstraintOptions(List.of(), "", "");

    public ConstraintOptions {
        choices = List.copyOf(choices);
        int given = (choices.isEmpty() ? 0 : 1) + (regex.isEmpty() ? 0 : 1) + (jsonSchema.isEmpty() ? 0 : 1);
        if (given > 1) {
            throw new IllegalArgumentException("generate.choices, generate.regex and generate.jsonSchema are given "
                    + "together; expected at most one of them");
        }
    }

    public boolean isNone() {
        return choices.isEmpty() && regex.isEmpty() && jsonSchema.isEmpty();
    }
}
