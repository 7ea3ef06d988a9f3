package io.textloom.prompt.jinja;

import java.util.ArrayList;
import java.util.List;

/** What a value is given to: a name, a namespace's attribute, or several of them. */
sealed interface Target {
    void set(Object value, Scope scope, Context c);

    /** The names that are set. */
    List<String> names();

    record Name(String name) implements Target {
        @Override
        public void set(Object value, Scope scope, Context c) {
            scope.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }
    }

    record Attribute(String namespace, String name) implements Target {
        @Override
        public void set(Object value, Scope scope, Context c) {
            if (!(c.lookup(namespace) instanceof Namespace ns)) {
                throw new Fault("cannot assign attribute on non-namespace object");
            }
            ns.set(name, value);
        }

        @Override
        public List<String> names() {
            return List.of();
        }
    }

    record Several(List<Target> targets) implements Target {
        @Override
        public void set(Object value, Scope scope, Context c) {
            if (!Values.isIterable(value) || value instanceof Undefined) {
                throw new Fault("cannot unpack non-iterable " + Values.type(value) + " object");
            }
            List<Object> items = Values.items(value);
            if (items.size() != targets.size()) {
                throw new Fault("expected " + targets.size() + " values to unpack, found " + items.size());
            }
            for (int i = 0; i < items.size(); i++) {
                targets.get(i).set(items.get(i), scope, c);
            }
        }

        @Override
        public List<String> names() {
            List<String> names = new ArrayList<>();
            targets.forEach(target -> names.addAll(target.names()));
            return names;
        }
    }
}
