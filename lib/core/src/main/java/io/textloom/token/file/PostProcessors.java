package io.textloom.token.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Post-processors by the names that tokenizer.json gives them. */
final class PostProcessors {
    private Template template = Template.PLAIN;
    private OffsetTrim offsets = OffsetTrim.NONE;

    private PostProcessors() {}

    /** @throws NotCovered if it is none of ours */
    static PostProcessors of(Part part) {
        PostProcessors result = new PostProcessors();
        result.add(part);
        return result;
    }

    static PostProcessors none() {
        return new PostProcessors();
    }

    Template template() {
        return template;
    }

    OffsetTrim offsets() {
        return offsets;
    }

    private void add(Part step) {
        switch (step.type()) {
            case "Sequence" -> step.forEachStep("processors", this::add);
            case "TemplateProcessing" -> {
                requireOne(step);
                template = template(step);
            }
            case "BertProcessing" -> {
                requireOne(step);
                List<Integer> cls = id(step, "cls");
                List<Integer> sep = id(step, "sep");
                template = new Template(
                        between(cls, sep),
                        List.of(
                                new Template.Special(cls, 0),
                                new Template.Sequence(0, 0),
                                new Template.Special(sep, 0),
                                new Template.Sequence(1, 1),
                                new Template.Special(sep, 1)));
            }
            case "RobertaProcessing" -> {
                requireOne(step);
                List<Integer> cls = id(step, "cls");
                List<Integer> sep = id(step, "sep");
                template = new Template(
                        between(cls, sep),
                        List.of(
                                new Template.Special(cls, 0),
                                new Template.Sequence(0, 0),
                                new Template.Special(sep, 0),
                                new Template.Special(sep, 0),
                                new Template.Sequence(1, 0),
                                new Template.Special(sep, 0)));
                trim(step);
            }
            case "ByteLevel" -> trim(step);
            default -> throw step.notCovered();
        }
    }

    private static List<Template.Slot> between(List<Integer> before, List<Integer> after) {
        return List.of(new Template.Special(before, 0), new Template.Sequence(0, 0), new Template.Special(after, 0));
    }

    private void trim(Part step) {
        if (step.flag("trim_offsets", true)) {
            if (offsets != OffsetTrim.NONE) {
                throw step.notCovered("after another that trims offsets");
            }
            offsets = step.flag("add_prefix_space", true) ? OffsetTrim.TRIM_KEEPING_PREFIX : OffsetTrim.TRIM;
        }
    }

    private void requireOne(Part step) {
        if (template != Template.PLAIN) {
            throw step.notCovered("after another template");
        }
    }

    private static List<Integer> id(Part step, String name) {
        JsonNode pair = step.field(name);
        if (!pair.isArray() || pair.size() != 2 || !pair.get(1).canConvertToInt()) {
            throw step.wrong(name, "a token and its id");
        }
        return List.of(pair.get(1).intValue());
    }

    private static Template template(Part step) {
        return new Template(slots(step, "single"), slots(step, "pair"));
    }

    private static List<Template.Slot> slots(Part step, String name) {
        List<Template.Slot> slots = new ArrayList<>();
        if (!step.field(name).isArray()) {
            throw step.wrong(name, "an array");
        }
        for (JsonNode slot : step.field(name)) {
            JsonNode sequence = slot.path("Sequence");
            JsonNode special = slot.path("SpecialToken");
            if (sequence.isObject()) {
                String which = sequence.path("id").asText();
                if (!which.equals("A") && !which.equals("B")) {
                    throw step.wrong(name, "sequences A and B");
                }
                slots.add(new Template.Sequence(
                        which.equals("A") ? 0 : 1, sequence.path("type_id").asInt(0)));
            } else if (special.isObject()) {
                slots.add(new Template.Special(
                        specialIds(step, special.path("id").asText()),
                        special.path("type_id").asInt(0)));
            } else {
                throw step.wrong(name, "sequences and special tokens");
            }
        }
        return slots;
    }

    private static List<Integer> specialIds(Part step, String name) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : step.field("special_tokens").path(name).path("ids")) {
            if (!id.canConvertToInt()) {
                throw step.wrong("special_tokens", "whole numbers as ids of " + name);
            }
            ids.add(id.intValue());
        }
        if (ids.isEmpty()) {
            throw step.wrong("special_tokens", "the ids of " + name);
        }
        return ids;
    }
}
