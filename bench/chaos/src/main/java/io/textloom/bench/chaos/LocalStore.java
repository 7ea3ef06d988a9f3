package io.textloom.bench.chaos;

import java.nio.file.Path;
import java.util.List;

/** The local disk. */
record LocalStore(Path directory) implements Store {
    @Override
    public String label() {
        return "file";
    }

    @Override
    public String root() {
        return directory.toString();
    }

    @Override
    public List<String> settings() {
        return List.of();
    }

    @Override
    public List<String> jars() {
        return List.of();
    }

    @Override
    public String put(Path local) {
        return local.toString();
    }

    @Override
    public boolean killPart() {
        return false;
    }

    @Override
    public long pollMillis() {
        return 3;
    }

    @Override
    public void close() {}
}
