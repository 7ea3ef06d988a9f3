package io.textloom.openai;

/** Fields of a line of a batch file. */
public final class BatchInput {
    public static final String CUSTOM_ID = "custom_id";
    public static final String METHOD = "method";
    public static final String URL = "url";
    public static final String BODY = "body";

    private BatchInput() {}
}
