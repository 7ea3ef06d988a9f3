package io.textloom.spark;

import io.textloom.constrain.ConstraintOptions;
import io.textloom.generate.GenerateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Settings whose text stands in a file, on any file system that Hadoop reads. */
final class SettingFile {
    static final String JSON_SCHEMA = "generate.jsonSchema";

    private SettingFile() {}

    /** @throws IllegalArgumentException if the file cannot be read */
    static String read(String key, String file, Configuration conf) {
        try {
            Path path = new Path(file);
            try (InputStream in = path.getFileSystem(conf).open(path)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " is " + file + ", which cannot be read: " + e.getMessage(), e);
        }
    }

    /** The options with the JSON schema itself, where they name its file. A schema is an object, true or false; nothing else is taken for one. */
    static GenerateOptions withSchema(GenerateOptions options, Configuration conf) {
        String given = options.sampling().constraint().jsonSchema().strip();
        if (given.isEmpty() || given.startsWith("{") || given.equals("true") || given.equals("false")) {
            return options;
        }
        ConstraintOptions read = new ConstraintOptions(
                options.sampling().constraint().choices(),
                options.sampling().constraint().regex(),
                read(JSON_SCHEMA, given, conf));
        return new GenerateOptions(
                options.sampling().withConstraint(read),
                options.maxNewTokensColumn(),
                options.longPrompts(),
                options.engine());
    }
}
