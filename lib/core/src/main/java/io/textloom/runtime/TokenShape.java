package io.textloom.runtime;

import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/** Between token vectors laid end to end, [rows * longest, width], which products take, and [rows, longest, width], which attention takes. Views, not copies. */
final class TokenShape {
    private final GraphBuilder g;
    private final String rows;
    private String places = "";

    /** @param ids value [rows, longest] */
    TokenShape(GraphBuilder g, String ids) {
        this.g = g;
        this.rows = g.op("Shape", List.of(ids));
    }

    /** [rows * longest, width] to [rows, longest, width]. */
    String byRow(String flat, int width) {
        String shape = g.op(
                "Concat", List.of(rows, g.constant("width" + width, new long[] {width}, 1)), Attribute.of("axis", 0L));
        return g.op("Reshape", List.of(flat, shape));
    }

    /** [rows, longest, width] to [rows * longest, width]. */
    String flat(String byRow, int width) {
        return flat(g, byRow, width);
    }

    /** Any value to [any, width]. */
    static String flat(GraphBuilder g, String value, int width) {
        return g.op("Reshape", List.of(value, g.constant("flat" + width, new long[] {-1, width}, 2)));
    }

    /** 0, 1, …, longest - 1: int64 [longest]. */
    String places() {
        if (places.isEmpty()) {
            String longest = g.op("Gather", List.of(rows, g.constant("place_axis", new long[] {1})));
            places = g.op(
                    "Range",
                    List.of(g.constant("place_first", new long[] {0}), longest, g.constant("place_step", new long[] {1
                    })));
        }
        return places;
    }

    /** {@link #places} along one axis of two: [longest, 1] for axis 1, [1, longest] for axis 0. */
    String places(int axis) {
        return g.op("Unsqueeze", List.of(places(), g.constant("place_axis" + axis, new long[] {axis}, 1)));
    }
}
