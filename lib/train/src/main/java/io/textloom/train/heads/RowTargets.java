package io.textloom.train.heads;

import io.textloom.classify.FrozenText;
import io.textloom.spark.train.HeadOptions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** What a row's label column says, as targets of its example. */
final class RowTargets implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String OUTSIDE = "O";

    private final HeadOptions head;
    private final DataType type;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** A row whose label does not fit; says why. */
    static final class BadLabel extends Exception {
        private static final long serialVersionUID = 1;

        BadLabel(String message) {
            super(message);
        }
    }

    /**
     * @param type of the label column
     * @param labels by number
     * @throws IllegalArgumentException if the task cannot be learnt from such a column
     */
    RowTargets(HeadOptions head, DataType type, List<String> labels) {
        this.head = head;
        this.type = type;
        boolean fits = switch (head.task()) {
            case SEQUENCE, PAIR -> !(type instanceof ArrayType) && !(type instanceof StructType);
            case REGRESSION -> type instanceof NumericType || type instanceof StringType;
            case TOKEN -> type instanceof ArrayType;
            case SPAN -> type instanceof StringType || isSpan(type);
            case CHOICE -> type instanceof IntegralType || type instanceof StringType;
        };
        if (!fits || type instanceof ArrayType list && !tokenLabels(list.elementType())) {
            throw new IllegalArgumentException("train.labelColumn is " + head.labelColumn() + ", a column of "
                    + type.sql() + ", but the head " + head.name() + " does "
                    + head.task().label() + "; expected "
                    + switch (head.task()) {
                        case SEQUENCE, PAIR -> "a text or a number";
                        case REGRESSION -> "a number";
                        case TOKEN -> "a list of texts, one for each word, or of {start, end, label}";
                        case SPAN -> "{start, end}, or the answer's text";
                        case CHOICE -> "the right choice's number from 0, or its text";
                    });
        }
        for (String label : labels) {
            numbers.put(label, numbers.size());
        }
    }

    private static boolean isSpan(DataType type) {
        return type instanceof StructType struct
                && Arrays.asList(struct.fieldNames()).containsAll(List.of("start", "end"));
    }

    private static boolean tokenLabels(DataType element) {
        return element instanceof StringType
                || isSpan(element)
                        && Arrays.asList(((StructType) element).fieldNames()).stream()
                                .anyMatch(name -> name.equals("label") || name.equals("entity"));
    }

    /** Whether the label of a row is missing. */
    float[] of(Row row, int column, String text, FrozenText frozen, List<String> choices) throws BadLabel {
        if (row.isNullAt(column)) {
            throw new BadLabel("The column " + head.labelColumn() + " is null");
        }
        return switch (head.task()) {
            case SEQUENCE, PAIR -> new float[] {number(String.valueOf(row.get(column)))};
            case REGRESSION -> new float[] {value(String.valueOf(row.get(column)))};
            case TOKEN -> tokens(row.getList(column), text, frozen);
            case SPAN -> span(row.get(column), text, frozen);
            case CHOICE -> new float[] {choice(row.get(column), choices)};
        };
    }

    private int number(String label) throws BadLabel {
        Integer number = numbers.get(label);
        if (number == null) {
            throw new BadLabel("The label \"" + label + "\" is none of those that are trained");
        }
        return number;
    }

    private static float value(String text) throws BadLabel {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BadLabel("The label \"" + text + "\" is not a number");
        }
        throw new BadLabel("The label \"" + text + "\" is not finite");
    }

    private static int choice(Object label, List<String> choices) throws BadLabel {
        int right = label instanceof Number number
                ? (int) Math.min(Integer.MAX_VALUE, number.longValue())
                : choices.indexOf(label.toString());
        if (right < 0 || right >= choices.size()) {
            throw new BadLabel("The label " + label + " is none of the row's " + choices.size() + " choices");
        }
        return right;
    }

    private float[] span(Object label, String text, FrozenText frozen) throws BadLabel {
        int start;
        int end;
        if (label instanceof Row place) {
            int[] found = place(place, text.codePointCount(0, text.length()));
            start = found[0];
            end = found[1];
        } else {
            int at = text.indexOf(label.toString());
            if (at < 0 || label.toString().isEmpty()) {
                throw new BadLabel("The answer \"" + label + "\" does not stand in the text");
            }
            start = text.codePointCount(0, at);
            end = start + label.toString().codePointCount(0, label.toString().length());
        }
        int first = -1;
        int last = -1;
        for (int token = 0; token < frozen.size(); token++) {
            if (frozen.end(token) > start && frozen.start(token) < end) {
                first = first < 0 ? token : first;
                last = token;
            }
        }
        if (first < 0) {
            throw new BadLabel("The answer from " + start + " to " + end + " holds no token that the model sees");
        }
        return new float[] {first, last};
    }

    /** Start and end, within a text of so many code points. */
    private static int[] place(Row row, int length) throws BadLabel {
        Object start = row.getAs("start");
        Object end = row.getAs("end");
        if (start instanceof Number from
                && end instanceof Number to
                && from.longValue() >= 0
                && from.longValue() < to.longValue()
                && to.longValue() <= length) {
            return new int[] {from.intValue(), to.intValue()};
        }
        throw new BadLabel("A label goes from " + start + " to " + end + " in a text of " + length
                + " characters; expected a start before an end within it");
    }

    private float[] tokens(List<?> labels, String text, FrozenText frozen) throws BadLabel {
        boolean byWord = ((ArrayType) type).elementType() instanceof StringType;
        String[] ofCharacters = byWord ? byWord(labels, text) : byPlace(labels, text);
        int[] characters = text.codePoints().toArray();
        float[] targets = new float[frozen.size()];
        for (int token = 0; token < targets.length; token++) {
            int start = frozen.start(token);
            // some tokenizers count the space before a word to its first token
            while (start + 1 < frozen.end(token)
                    && start < characters.length
                    && Character.isWhitespace(characters[start])) {
                start++;
            }
            String label = start < ofCharacters.length && frozen.end(token) > start ? ofCharacters[start] : "";
            targets[token] = label.isEmpty() ? -1 : number(label);
        }
        return targets;
    }

    /** Of each code point the label that a token beginning there has; empty for none. */
    private String[] byWord(List<?> labels, String text) throws BadLabel {
        int[] words = Words.of(text);
        if (Words.count(words) != labels.size()) {
            throw new BadLabel("The text has " + Words.count(words) + " words but " + labels.size() + " labels");
        }
        String[] all = new String[words.length];
        for (int i = 0; i < all.length; i++) {
            Object label = words[i] < 0 ? "" : labels.get(words[i]);
            boolean inside = i > 0 && words[i] >= 0 && words[i] == words[i - 1];
            all[i] = label == null ? "" : inside ? continued(label.toString()) : label.toString();
        }
        return all;
    }

    private String[] byPlace(List<?> entities, String text) throws BadLabel {
        String[] all = new String[text.codePointCount(0, text.length())];
        Arrays.fill(all, OUTSIDE);
        for (Object one : entities) {
            if (!(one instanceof Row entity)) {
                throw new BadLabel("One of the entities is null");
            }
            int[] place = place(entity, all.length);
            int start = place[0];
            int end = place[1];
            String label = label(entity);
            for (int i = start; i < end; i++) {
                all[i] = (i == start ? "B-" : "I-") + label;
            }
        }
        return all;
    }

    private String continued(String label) {
        String inside = "I-" + label.substring(Math.min(2, label.length()));
        return label.startsWith("B-") && numbers.containsKey(inside) ? inside : label;
    }

    private static String label(Row entity) {
        String name = Arrays.asList(entity.schema().fieldNames()).contains("label") ? "label" : "entity";
        return String.valueOf(entity.<Object>getAs(name));
    }

    /** The labels that a row of the label column alone tells of. */
    static List<String> labels(Row row) {
        if (!(row.schema().apply(0).dataType() instanceof ArrayType)) {
            return List.of(String.valueOf(row.get(0)));
        }
        List<String> labels = new ArrayList<>();
        for (Object one : row.getList(0)) {
            if (one instanceof Row entity) {
                labels.addAll(List.of(OUTSIDE, "B-" + label(entity), "I-" + label(entity)));
            } else if (one != null) {
                labels.add(one.toString());
            }
        }
        return labels;
    }
}
