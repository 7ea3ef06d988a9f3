package io.textloom.bench.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code local[2]} through the launcher. */
final class LocalEngine implements Engine {
    private final Textloom textloom;

    LocalEngine(Textloom textloom) {
        this.textloom = textloom;
    }

    @Override
    public String label() {
        return "local";
    }

    @Override
    public boolean anyExecutorPossible() {
        return false;
    }

    @Override
    public int cores() {
        return 2;
    }

    @Override
    public Child start(String name, List<String> hadoop, List<String> jars, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> options =
                hadoop.stream().map(setting -> "-Dspark.hadoop." + setting).toList();
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--master", "local[2]"));
        return textloom.launch(name, List.of(), options, jars, all);
    }

    @Override
    public Optional<ProcessHandle> anyExecutor(Child driver) {
        return Optional.empty();
    }

    @Override
    public boolean replaceWorker() {
        return false;
    }

    @Override
    public void close() {}
}
