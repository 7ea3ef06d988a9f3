package io.textloom.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The body that answers a request for embeddings: an object {@code list} of {@code embedding}s. */
public final class EmbeddingBody {
    private EmbeddingBody() {}

    /**
     * @param vectors one of each input; not changed
     * @param tokens of all inputs as the model saw them
     * @throws RequestException if the request wants more dimensions than the vectors have
     */
    public static String render(EmbeddingRequest request, Answerer answerer, List<float[]> vectors, long tokens) {
        ObjectNode body = BodyFields.JSON.createObjectNode();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            ObjectNode embedding = data.addObject();
            embedding.put("object", "embedding");
            embedding.put("index", i);
            float[] vector = shortened(request, vectors.get(i));
            if (request.base64()) {
                embedding.put("embedding", base64(vector));
            } else {
                ArrayNode values = embedding.putArray("embedding");
                for (float value : vector) {
                    values.add(value);
                }
            }
        }
        body.put("model", answerer.model());
        ObjectNode usage = body.putObject("usage");
        usage.put("prompt_tokens", tokens);
        usage.put("total_tokens", tokens);
        return body.toString();
    }

    /** The first dimensions, of length 1 again, as embed.dimensions has them. */
    private static float[] shortened(EmbeddingRequest request, float[] vector) {
        int dimensions = request.dimensions().orElse(vector.length);
        if (dimensions > vector.length) {
            throw RequestException.of(
                    "body.dimensions", String.valueOf(dimensions), "at most the model's, " + vector.length);
        }
        if (dimensions == vector.length) {
            return vector;
        }
        float[] first = Arrays.copyOf(vector, dimensions);
        double squares = 0;
        for (float value : first) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < dimensions && length > 0; i++) {
            first[i] = (float) (first[i] / length);
        }
        return first;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
