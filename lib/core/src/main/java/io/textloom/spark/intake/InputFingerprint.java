package io.textloom.spark.intake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;

/**
 * What an input was when its files were listed: the same fingerprint means the same rows, as long as it was settled then.
 *
 * @param sha256 over the files' paths, sizes, times and identities, and over what of them is read
 * @param changedAtMillis when the file that changed last did so, since 1970
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InputFingerprint(String sha256, long changedAtMillis) {
    /** As coarse as the times of the coarsest file system known (FAT). */
    static final Duration COARSEST_TIME = Duration.ofSeconds(2);

    /**
     * Calls, subqueries, substituted variables, and names for a moment or a person: what may give other rows of the same files. Being wrong on the safe side costs a reading.
     */
    private static final Pattern CHANGING = Pattern.compile(
            "\\$|\\b(?!(?:in|and|or|not|like|between|when|then|else|case)\\b)\\w+\\s*\\("
                    + "|\\b(?:select|current_\\w+|localtime\\w*|now|today|yesterday|tomorrow|user|session_user)\\b",
            Pattern.CASE_INSENSITIVE);

    /**
     * Whether a file written after the listing would show by its time. One that was written just before it may be written again without its time moving, and a time that lies ahead says
     * nothing.
     *
     * @param listed when the listing began
     */
    public boolean isSettled(Instant listed) {
        return changedAtMillis <= listed.minus(COARSEST_TIME).toEpochMilli();
    }

    /** Whether the same files always give the same rows. */
    static boolean isRepeatable(IntakeOptions options) {
        return !CHANGING.matcher(options.where()).find();
    }

    static InputFingerprint of(List<FileStatus> files, InputFormat format, IntakeOptions options, String timeZone) {
        long changedAt = Long.MIN_VALUE;
        String[] lines = new String[files.size()];
        for (int i = 0; i < lines.length; i++) {
            FileStatus file = files.get(i);
            Identity identity = identity(file);
            lines[i] = String.join(
                    "\n",
                    file.getPath().toString(),
                    String.valueOf(file.getLen()),
                    String.valueOf(file.getModificationTime()),
                    identity.text());
            changedAt = Math.max(changedAt, Math.max(file.getModificationTime(), identity.changedAtMillis()));
        }
        Arrays.sort(lines);
        MessageDigest digest = newDigest();
        // what is read of the files; the number of tasks makes no difference
        add(digest, options.keepColumns().toString());
        add(
                digest,
                String.join(
                        "\0",
                        format.name(),
                        options.documents().name(),
                        options.textColumn(),
                        options.idColumn(),
                        options.duplicateIds().name(),
                        options.where(),
                        String.valueOf(options.limit()),
                        options.limits().badFiles().name(),
                        String.valueOf(options.limits().maxRowBytes()),
                        timeZone));
        for (String line : lines) {
            add(digest, line);
        }
        return new InputFingerprint(HexFormat.of().formatHex(digest.digest()), changedAt);
    }

    private static void add(MessageDigest digest, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        digest.update((utf8.length + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(utf8);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /**
     * What a file system says of a file beside its size and time, without reading it.
     *
     * @param changedAtMillis when content or attributes changed; {@link Long#MIN_VALUE} where it is not known
     */
    private record Identity(String text, long changedAtMillis) {
        static final Identity UNKNOWN = new Identity("", Long.MIN_VALUE);
    }

    private static Identity identity(FileStatus file) {
        if (file instanceof EtagSource tagged && tagged.getEtag() != null) {
            return new Identity(tagged.getEtag(), Long.MIN_VALUE);
        }
        return "file".equals(file.getPath().toUri().getScheme())
                ? local(file).orElse(Identity.UNKNOWN)
                : Identity.UNKNOWN;
    }

    /** Where a file was moved into the place of another, or its time set back, its number or the time of that change still tell. */
    private static Optional<Identity> local(FileStatus file) {
        try {
            Map<String, Object> found = Files.readAttributes(
                    java.nio.file.Path.of(file.getPath().toUri()), "unix:ino,ctime,lastModifiedTime");
            FileTime changed = (FileTime) found.get("ctime");
            return changed == null
                    ? Optional.empty()
                    : Optional.of(new Identity(
                            found.get("ino") + " " + changed + " " + found.get("lastModifiedTime"),
                            changed.toMillis()));
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            return Optional.empty(); // a system without such attributes; the time and size must do
        }
    }
}
