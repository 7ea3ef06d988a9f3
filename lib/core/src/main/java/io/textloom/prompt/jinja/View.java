package io.textloom.prompt.jinja;

import java.util.Iterator;
import java.util.List;

/**
 * What a dict's {@code items()}, {@code keys()} and {@code values()} give.
 *
 * @param kind such as dict_items
 */
record View(String kind, List<Object> items) implements Iterable<Object> {
    @Override
    public Iterator<Object> iterator() {
        return items.iterator();
    }
}
