package io.textloom.spark.lineage;

import java.net.URI;
import org.apache.hadoop.fs.Path;

/**
 * A data set as OpenLineage names it: by where it lies, so that all tools name it alike.
 *
 * <p>Source: OpenLineage's naming conventions. {@code s3a://bucket/a/b} is {@code a/b} in {@code s3://bucket}, {@code hdfs://nn:8020/a} is {@code /a} in {@code hdfs://nn:8020}.
 */
record LineageDataset(String namespace, String name) {
    static LineageDataset ofPath(String path) {
        URI uri = new Path(path).toUri();
        String scheme = uri.getScheme() == null ? "file" : uri.getScheme();
        String at = uri.getAuthority() == null ? "" : uri.getAuthority();
        boolean container = scheme.startsWith("abfs") || scheme.startsWith("wasb");
        String place = container ? at : at.substring(at.lastIndexOf('@') + 1);
        return switch (scheme) {
            case "file" -> new LineageDataset("file", Redaction.uris(uri.getPath()));
            case "s3", "s3a", "s3n" -> new LineageDataset("s3://" + place, key(uri));
            case "gs" -> new LineageDataset("gs://" + place, key(uri));
            default -> new LineageDataset(Redaction.uris(scheme + "://" + place), Redaction.uris(uri.getPath()));
        };
    }

    private static String key(URI uri) {
        String path = Redaction.uris(uri.getPath());
        return path.startsWith("/") ? path.substring(1) : path;
    }
}
