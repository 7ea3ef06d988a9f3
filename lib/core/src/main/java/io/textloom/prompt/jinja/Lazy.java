package io.textloom.prompt.jinja;

import java.util.Iterator;
import java.util.List;

/** What filters such as {@code map} give: to be gone through once, without a length, always true. */
final class Lazy implements Iterable<Object> {
    private final Iterator<Object> items;

    Lazy(List<Object> items) {
        this.items = items.iterator();
    }

    @Override
    public Iterator<Object> iterator() {
        return items;
    }
}
