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
 */
public record SideText(String column, int ordinal, boolean kept) implements Serializable {
    /** @param keepColumns those that the output has */
    public static SideText of(String column, List<String> keepColumns) {
        int place = keepColumns.indexOf(column);
        return new SideText(column, place < 0 ? keepColumns.size() : place, place >= 0);
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
