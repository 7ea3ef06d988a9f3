package io.textloom.openai;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Who answers, as bodies say it.
 *
 * @param model its name
 * @param fingerprint of its weights
 * @param created when the run began; unit: seconds since 1970
 */
public record Answerer(String model, String fingerprint, long created) implements Serializable {
    private static final int ID_BYTES = 16;
    private static final int FINGERPRINT_DIGITS = 10;

    /** @param sha256 of the model; hexadecimal */
    public static Answerer of(String model, String sha256, long created) {
        return new Answerer(model, "fp_" + sha256.substring(0, Math.min(FINGERPRINT_DIGITS, sha256.length())), created);
    }

    /** An id made of a request's own, the same in every run. @param prefix such as {@code cmpl-} */
    public static String id(String prefix, String customId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(customId.getBytes(StandardCharsets.UTF_8));
            return prefix + HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
