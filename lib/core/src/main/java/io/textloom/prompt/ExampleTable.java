package io.textloom.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table of examples, in the order of its files; small enough to travel to every executor.
 *
 * <p>Values are strings, numbers, booleans, nulls, lists and maps. Not changed once made.
 */
public final class ExampleTable implements Serializable {
    public static final int MAX_ROWS = 100_000;
    /** unit: characters of its texts */
    public static final long MAX_SIZE = 64L << 20;

    private static final long serialVersionUID = 1;

    private final ArrayList<LinkedHashMap<String, @Nullable Object>> rows;
    private final ArrayList<String> columns;

    /** @throws IllegalArgumentException if there are none or too many */
    public ExampleTable(List<String> columns, List<? extends Map<String, ? extends @Nullable Object>> rows) {
        this.columns = new ArrayList<>(columns);
        this.rows = new ArrayList<>(rows.size());
        long size = 0;
        for (Map<String, ? extends @Nullable Object> row : rows) {
            this.rows.add(new LinkedHashMap<>(row));
            for (Object value : row.values()) {
                size += value == null ? 0 : String.valueOf(value).length();
            }
        }
        if (rows.isEmpty() || rows.size() > MAX_ROWS || size > MAX_SIZE) {
            throw new IllegalArgumentException("generate.examples has " + rows.size() + " rows with " + size
                    + " characters; expected 1 to " + MAX_ROWS + " rows with at most " + MAX_SIZE
                    + " characters; give a sample of the table");
        }
    }

    public int size() {
        return rows.size();
    }

    public List<String> columns() {
        return columns;
    }

    public Map<String, @Nullable Object> row(int index) {
        return rows.get(index);
    }

    /** SHA-256 of columns and rows, in lower-case hexadecimal. */
    public String sha256() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            ObjectMapper json = new ObjectMapper();
            sha.update(json.writeValueAsBytes(columns));
            for (Map<String, @Nullable Object> row : rows) {
                sha.update(json.writeValueAsBytes(row));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An example cannot be written as JSON", e);
        }
    }

    /** Whether a row has the same values as an example. */
    boolean same(int index, Map<String, ? extends @Nullable Object> row, List<String> keys) {
        return !keys.isEmpty()
                && keys.stream().allMatch(key -> Objects.equals(rows.get(index).get(key), row.get(key)));
    }
}
