package io.textloom.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs command lines one after another in one process, each as {@code Main} would, for scenarios that kill nobody: a process takes longer to start than the job.
 * Reads requests from standard input, a line of JSON each: {@code properties}, {@code arguments}, {@code answer} (the file to write).
 */
public final class JobServer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JobServer() {}

    public static void main(String[] none) throws Exception {
        Constructor<?> console = only(Class.forName("io.textloom.jobs.Console"));
        Constructor<?> runner = only(Class.forName("io.textloom.jobs.SparkJobRunner"));
        Constructor<?> main = only(Class.forName("io.textloom.jobs.Main"));
        Method execute = main.getDeclaringClass().getDeclaredMethod("execute", String[].class);
        execute.setAccessible(true);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode request = JSON.readTree(line);
            List<String> names = new ArrayList<>();
            request.path("properties").fields().forEachRemaining(property -> {
                names.add(property.getKey());
                System.setProperty(property.getKey(), property.getValue().asText());
            });
            List<String> arguments = new ArrayList<>();
            request.path("arguments").forEach(argument -> arguments.add(argument.asText()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Object ours = console.newInstance(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    Map.of(),
                    false);
            int exit = (int) execute.invoke(
                    main.newInstance(ours, runner.newInstance(ours)), (Object) arguments.toArray(String[]::new));
            names.forEach(System::clearProperty);
            ObjectNode answer = JSON.createObjectNode()
                    .put("exit", exit)
                    .put("out", out.toString(StandardCharsets.UTF_8))
                    .put("err", err.toString(StandardCharsets.UTF_8));
            Path file = Path.of(request.path("answer").asText());
            Path draft = file.resolveSibling(file.getFileName() + ".draft");
            Files.write(draft, JSON.writeValueAsBytes(answer));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Constructor<?> only(Class<?> type) {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor;
    }
}
