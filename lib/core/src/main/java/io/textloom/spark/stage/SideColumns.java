package io.textloom.spark.stage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns that a stage reads beside the text. They travel as kept columns, so that a row in which one changed is a changed row.
 *
 * @param columns their names
 * @param ordinals their places among the kept columns
 * @param hidden those of the places that the output leaves out
 */
public record SideColumns(List<String> columns, List<Integer> ordinals, List<Integer> hidden) implements Serializable {
    public static final SideColumns NONE = new SideColumns(List.of(), List.of(), List.of());

    public SideColumns {
        columns = List.copyOf(columns);
        ordinals = List.copyOf(ordinals);
        hidden = List.copyOf(hidden);
    }

    /** @param keepColumns those that the output has */
    public static SideColumns of(List<String> columns, List<String> keepColumns) {
        List<String> travelling = travelling(columns, keepColumns);
        List<Integer> ordinals = columns.stream().map(travelling::indexOf).toList();
        return new SideColumns(
                columns,
                ordinals,
                ordinals.stream().filter(i -> i >= keepColumns.size()).toList());
    }

    /** One text. */
    static SideColumns of(SideText text) {
        return new SideColumns(
                List.of(text.column()), List.of(text.ordinal()), text.kept() ? List.of() : List.of(text.ordinal()));
    }

    /** The columns that travel: those that the output has, and these. */
    public List<String> travelling(List<String> keepColumns) {
        return travelling(columns, keepColumns);
    }

    private static List<String> travelling(List<String> columns, List<String> keepColumns) {
        List<String> all = new ArrayList<>(keepColumns);
        columns.stream().filter(column -> !all.contains(column)).forEach(all::add);
        return all;
    }
}
