package io.textloom.spark.plan;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * What one task's engine did with its part of the sample. Travels from executors.
 *
 * @param documents handed to the engine
 * @param fileBytes of the rows, written as the job would write them
 * @param seconds from the first document to the last outcome, loading and a first run to warm up left out
 * @param loadSeconds of opening the engine and that first run
 */
@DefaultSerializer(JavaSerializer.class)
record Measured(
        long documents,
        long rows,
        long rejected,
        long tokens,
        long truncated,
        long fileBytes,
        double seconds,
        double loadSeconds)
        implements Serializable {}
