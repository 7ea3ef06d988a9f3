package io.textloom.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HDFS: a name node and three data nodes in a process of their own. */
final class HdfsStore implements Store {
    private static final Pattern READY = Pattern.compile("READY (hdfs://\\S+)");

    private final Child server;
    private final String url;
    private int killed;

    HdfsStore(Textloom textloom) throws IOException, InterruptedException {
        java.nio.file.Path directory = Files.createDirectories(textloom.work().resolve("hdfs"));
        java.nio.file.Path built = textloom.repository().resolve("bench/chaos-hdfs/target");
        String classPath = built.resolve("classes") + ":"
                + Files.readString(built.resolve("classpath.txt")).strip();
        List<String> command = new ArrayList<>(List.of(
                java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "io.textloom.bench.chaos.hdfs.HdfsServer",
                directory.toString()));
        server = Child.start("hdfs", textloom.logs(), command, Map.of());
        Wait.until(() -> READY.matcher(server.out()).find(), server::alive, Duration.ofMinutes(10), 200);
        Matcher ready = READY.matcher(server.out());
        if (!ready.find()) {
            throw new IllegalStateException(server.lastWords());
        }
        url = ready.group(1);
    }

    @Override
    public String label() {
        return "hdfs";
    }

    @Override
    public String root() {
        return url + "/chaos";
    }

    @Override
    public List<String> settings() {
        return List.of("dfs.replication=3", "dfs.blocksize=1048576", "dfs.client.use.datanode.hostname=false");
    }

    @Override
    public List<String> jars() {
        return List.of();
    }

    /** Kills one data node and starts the one that was killed before. */
    @Override
    public boolean killPart() {
        server.tell("kill " + killed++ % 3);
        return true;
    }

    @Override
    public long pollMillis() {
        return 20;
    }

    @Override
    public void close() {
        server.kill();
    }
}
