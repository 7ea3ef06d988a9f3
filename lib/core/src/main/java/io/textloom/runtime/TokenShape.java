package io.textloom.runtime;

import java.util.List;

/** Between token vectors laid end to end, [rows * longest, width], which products take, and [rows, longest, width], which attention takes. Views, not copies. */
final class TokenShape {
    private final GraphBuilder g;
    private final String rows;

    /** @param ids value [rows, longest] */
    TokenShape(GraphBuilder g, String ids) {
        this.g = g;
        this.rows = g.op("Shape", List.of(ids));
    }

    /** [rows * longest, width] to [rows, longest, width]. */
    String byRow(String flat, int width) {
        String shape = g.op(
                "Concat",
                List.of(rows, g.constant("width" + width, new long[] {width}, 1)),
                GraphBuilder.Attribute.of("axis", 0L));
        return g.op("Reshape", List.of(flat, shape));
    }

    /** [rows, longest, width] to [rows * longest, width]. */
    String flat(String byRow, int width) {
        return g.op("Reshape", List.of(byRow, g.constant("flat" + width, new long[] {-1, width}, 2)));
    }
}
