package io.textloom.spark.lineage;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Takes events to where they are kept. */
interface Transport {
    /** @param event one JSON object in one line */
    void emit(String event) throws IOException;

    /**
     * The transport that OpenLineage's settings name.
     *
     * @param settings {@code type} and what belongs to it
     * @throws IllegalArgumentException if there is no such transport here, or it lacks a setting
     */
    static Transport of(SortedMap<String, String> settings) {
        String type = settings.getOrDefault("type", "console");
        return switch (type) {
            case "console" -> event -> System.err.println(event);
            case "file" -> new ToFile(Path.of(require(settings, "location")));
            case "http" -> new ToHttp(settings);
            case "noop" -> event -> {};
            default ->
                throw new IllegalArgumentException("spark.openlineage.transport.type is " + type
                        + ", by which Textloom tells nothing of its runs; expected one of "
                        + List.of("console", "file", "http", "noop"));
        };
    }

    private static String require(SortedMap<String, String> settings, String name) {
        String value = settings.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException("spark.openlineage.transport." + name + " is not set, which the type "
                    + settings.get("type") + " needs");
        }
        return value;
    }

    /** Appends a line to a file of the driver's machine. */
    final class ToFile implements Transport {
        private final Path file;

        ToFile(Path file) {
            this.file = file;
        }

        @Override
        public void emit(String event) throws IOException {
            // one write, so that lines of several processes do not mix
            byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(line);
            }
        }
    }

    /** Posts to a lineage service. */
    final class ToHttp implements Transport {
        private static final String DEFAULT_ENDPOINT = "api/v1/lineage";
        private static final String HEADERS = "headers.";
        private static final String PARAMETERS = "urlParams.";

        private final HttpClient client;
        private final HttpRequest.Builder request;

        ToHttp(SortedMap<String, String> settings) {
            Duration timeout = Duration.ofMillis(Long.parseLong(settings.getOrDefault("timeoutInMillis", "5000")));
            client = HttpClient.newBuilder().connectTimeout(timeout).build();
            request = HttpRequest.newBuilder(address(settings))
                    .timeout(timeout)
                    .header("Content-Type", "application/json");
            if (settings.getOrDefault("auth.type", "").equals("api_key")) {
                request.header("Authorization", "Bearer " + require(settings, "auth.apiKey"));
            }
            settings.forEach((name, value) -> {
                if (name.startsWith(HEADERS)) {
                    request.header(name.substring(HEADERS.length()), value);
                }
            });
        }

        private static URI address(SortedMap<String, String> settings) {
            String url = require(settings, "url");
            String endpoint = settings.getOrDefault("endpoint", DEFAULT_ENDPOINT);
            StringBuilder address = new StringBuilder(url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                    .append('/')
                    .append(endpoint.startsWith("/") ? endpoint.substring(1) : endpoint);
            char separator = '?';
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                if (setting.getKey().startsWith(PARAMETERS)) {
                    address.append(separator)
                            .append(encoded(setting.getKey().substring(PARAMETERS.length())))
                            .append('=')
                            .append(encoded(setting.getValue()));
                    separator = '&';
                }
            }
            return URI.create(address.toString());
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        @Override
        public void emit(String event) throws IOException {
            try {
                HttpResponse<String> answer = client.send(
                        request.copy()
                                .POST(HttpRequest.BodyPublishers.ofString(event))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() / 100 != 2) {
                    throw new IOException("the lineage service answered with status " + answer.statusCode());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the lineage service was told", e);
            }
        }
    }
}
