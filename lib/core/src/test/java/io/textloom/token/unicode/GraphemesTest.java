package io.textloom.token.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphemesTest {
    @Test
    void clustersAreThoseOfTheStandard() {
        assertThat(clusters("ae\u0301\r\n\n\u0301")).containsExactly("a", "e\u0301", "\r\n", "\n", "\u0301");
        assertThat(clusters("\u1100\u1161\u11a8\uac01\u11a8")).containsExactly("\u1100\u1161\u11a8", "\uac01\u11a8");
        assertThat(clusters("\ud83d\udc68\u200d\ud83d\udc69 \ud83d\udc4d\ud83c\udffd"))
                .containsExactly("\ud83d\udc68\u200d\ud83d\udc69", " ", "\ud83d\udc4d\ud83c\udffd");
        assertThat(clusters("\u0915\u094d\u0937\u0915")).containsExactly("\u0915\u094d\u0937", "\u0915");
        assertThat(clusters("\u06001\u0601\n")).containsExactly("\u06001", "\u0601", "\n");
    }

    /** Golden sums come from unicode_goldens.py. */
    @Test
    void whatTheReferenceCanTellOfClustersIsTheSame() throws IOException {
        int rows = 0;
        for (String line : Files.readAllLines(Path.of("src/test/resources/golden/unicode.jsonl"))) {
            JsonNode row = new ObjectMapper().readTree(line);
            if (row.has("clusters")) {
                String text = row.get("text").asText();
                int sum = 0;
                for (String cluster : clusters(text)) {
                    boolean isShort = cluster.getBytes(StandardCharsets.UTF_8).length < 6;
                    sum += isShort ? 1 : cluster.codePointCount(0, cluster.length());
                }
                assertThat(sum).as(text).isEqualTo(row.get("clusters").asInt());
                rows++;
            }
        }
        assertThat(rows).isEqualTo(240);
    }

    private static List<String> clusters(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        List<String> clusters = new ArrayList<>();
        for (int at = 0; at < utf8.length; ) {
            int end = Graphemes.end(utf8, at, utf8.length);
            clusters.add(new String(utf8, at, end - at, StandardCharsets.UTF_8));
            at = end;
        }
        return clusters;
    }
}
