package io.textloom.openai;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a request asks for. */
public enum Endpoint {
    COMPLETIONS("/v1/completions", "generate"),
    CHAT("/v1/chat/completions", "generate"),
    EMBEDDINGS("/v1/embeddings", "embed");

    private static final String METHOD = "POST";

    private final String url;
    private final String job;

    Endpoint(String url, String job) {
        this.url = url;
        this.job = job;
    }

    /**
     * @param method,url of a line; empty where it has none
     * @param job that runs
     * @throws RequestException if the line asks for something else than the job answers
     */
    public static Endpoint of(String method, String url, String job) {
        List<Endpoint> answered =
                Arrays.stream(values()).filter(e -> e.job.equals(job)).toList();
        if (!method.equals(METHOD)) {
            throw RequestException.of("method", quoted(method), METHOD);
        }
        return answered.stream()
                .filter(e -> e.url.equals(url))
                .findFirst()
                .orElseThrow(() -> RequestException.of(
                        "url",
                        quoted(url),
                        answered.stream().map(e -> e.url).collect(Collectors.joining(" or ")) + ", which the job " + job
                                + " answers"));
    }

    private static String quoted(String found) {
        return found.isEmpty() ? "absent" : BodyFields.shown(found);
    }
}
