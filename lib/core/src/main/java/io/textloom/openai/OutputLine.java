package io.textloom.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.textloom.text.RejectCode;

/** Lines of a batch's output file. */
public final class OutputLine {
    private OutputLine() {}

    /** @param body JSON, which stands in the line as it is */
    public static String answered(String customId, String body) {
        ObjectNode line = line(customId);
        ObjectNode response = line.putObject("response");
        response.put("status_code", 200);
        response.put("request_id", Answerer.id("req_", customId));
        response.putRawValue("body", new RawValue(body));
        line.putNull("error");
        return line.toString();
    }

    /** @param id of the row; its custom_id where it has one, which the code tells */
    public static String failed(String id, RejectCode code, String message) {
        ObjectNode line = line(id);
        switch (code) {
            case MALFORMED_JSON, MALFORMED_RECORD, INVALID_UTF8, MISSING_ID -> line.putNull("custom_id");
            default -> line.put("custom_id", id);
        }
        line.putNull("response");
        ObjectNode error = line.putObject("error");
        error.put("code", name(code));
        error.put("message", message);
        return line.toString();
    }

    private static ObjectNode line(String customId) {
        ObjectNode line = BodyFields.JSON.createObjectNode();
        line.put("id", Answerer.id("batch_req_", customId));
        line.put("custom_id", customId);
        return line;
    }

    /** The API's words where it has one. */
    private static String name(RejectCode code) {
        return switch (code) {
            case MALFORMED_JSON, MALFORMED_RECORD, INVALID_UTF8, TOO_LARGE, UNREADABLE_FILE -> "invalid_json_line";
            case MISSING_ID -> "missing_custom_id";
            case DUPLICATE_ID -> "duplicate_custom_id";
            case TOO_LONG -> "context_length_exceeded";
            case TOKENIZER_FAILED, MODEL_FAILED, OUT_OF_MEMORY -> "server_error";
            default -> "invalid_request_error";
        };
    }
}
