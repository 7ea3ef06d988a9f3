package io.textloom.bench.chaos;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** S3A with the magic committer against S3Proxy in a process of its own, which keeps its objects in memory. */
final class S3Store implements Store {
    private static final String BUCKET = "chaos";
    private static final String KEY = "chaos-key";

    private final List<String> client;
    private final Child server;
    private final int port;

    S3Store(Textloom textloom) throws IOException, InterruptedException {
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path directory = Files.createDirectories(textloom.work().resolve("s3"));
        Path properties = Files.writeString(
                directory.resolve("s3proxy.properties"),
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + KEY,
                        "s3proxy.credential=" + KEY,
                        // one on a disk has directories, and takes seconds to find that it cannot delete one that is
                        // not empty
                        "jclouds.provider=transient",
                        "jclouds.identity=none",
                        "jclouds.credential=none",
                        ""));
        // else every byte on the wire is logged
        Path logging = Files.writeString(
                directory.resolve("logback.xml"), "<configuration><root level=\"ERROR\"/></configuration>\n");
        Path built = textloom.repository().resolve("bench/chaos-s3/target");
        String classPath = Files.readString(built.resolve("classpath.txt")).strip();
        client = List.of(Files.readString(built.resolve("client.txt")).strip().split(":"));
        server = Child.start(
                "s3",
                textloom.logs(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + logging,
                        "-cp",
                        classPath,
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString()),
                Map.of());
        if (!Wait.until(this::listens, server::alive, Duration.ofMinutes(10), 200)) {
            throw new IllegalStateException(server.out() + server.lastWords());
        }
        createBucket();
    }

    /** The client of Hadoop makes none. */
    private void createBucket() throws IOException, InterruptedException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        String signature;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] signed = ("PUT\n\n\n\nx-amz-date:" + date + "\n/" + BUCKET).getBytes(StandardCharsets.UTF_8);
            signature = Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + BUCKET))
                .header("x-amz-date", date)
                .header("Authorization", "AWS " + KEY + ":" + signature)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("No bucket: " + response.statusCode() + " " + response.body());
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String label() {
        return "s3a";
    }

    @Override
    public String root() {
        return "s3a://" + BUCKET + "/run";
    }

    @Override
    public List<String> settings() {
        return List.of(
                "fs.s3a.endpoint=http://127.0.0.1:" + port,
                "fs.s3a.endpoint.region=us-east-1",
                "fs.s3a.path.style.access=true",
                "fs.s3a.connection.ssl.enabled=false",
                "fs.s3a.access.key=" + KEY,
                "fs.s3a.secret.key=" + KEY,
                "fs.s3a.aws.credentials.provider=org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
                "fs.s3a.committer.name=magic",
                "fs.s3a.committer.magic.enabled=true");
    }

    @Override
    public List<String> jars() {
        return client;
    }

    @Override
    public boolean killPart() {
        return false;
    }

    @Override
    public long pollMillis() {
        return 100;
    }

    @Override
    public void close() {
        server.close();
    }
}
