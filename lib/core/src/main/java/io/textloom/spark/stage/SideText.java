package io.textloom.spark.stage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A column that goes with the text column, such as a question. It travels as a kept column, so that a row whose question changed is a changed row.
 *
 * @param column its name
 * @param ordinal its place among the kept columns
 * @param kept whether the output has it, too
 * @param list whether it holds a list of texts
 */
public record SideText(String column, int ordinal, boolean kept, boolean list) implements Serializable {
    /** A column that holds one text. */
    public SideText(String column, int ordinal, boolean kept) {
        this(column, ordinal, kept, false);
    }

    /** @param keepColumns those that the output has */
    public static SideText of(String column, List<String> keepColumns) {
        int place = keepColumns.indexOf(column);
        return new SideText(column, place < 0 ? keepColumns.size() : place, place >= 0);
    }

    /** The same, holding a list of texts. */
    public SideText ofLists() {
        return new SideText(column, ordinal, kept, true);
    }

    /** The columns that travel: those that the output has, and this one. */
    public List<String> travelling(List<String> keepColumns) {
        List<String> all = new ArrayList<>(keepColumns);
        if (!kept) {
            all.add(column);
        }
        return all;
    }
}
