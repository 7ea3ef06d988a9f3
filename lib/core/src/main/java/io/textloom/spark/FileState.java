package io.textloom.spark;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.util.List;

/**
 * What one file of an output is like.
 *
 * @param rows that it holds; -1 where they are not counted here
 * @param columns names and types, to compare files of one table by; empty where the format does not say
 * @param problems in words; empty if all is well
 * @param readable whether the file can be read to its end
 */
@DefaultSerializer(JavaSerializer.class)
record FileState(String path, long rows, String columns, List<String> problems, boolean readable)
        implements Serializable {
    FileState {
        problems = List.copyOf(problems);
    }
}
