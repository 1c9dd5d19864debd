package dev.pillion.catalog.compile;

import dev.pillion.pod.DnsLabel;
import dev.pillion.yaml.Document;

/** The common fields of profiles and policies: {@code apiVersion}, {@code kind}, {@code metadata.name} and {@code spec}. */
public record Header(String name, Fields spec) {

    public static final String API_VERSION = "pillion.dev/v1alpha1";

    static Header read(Document document, String kind, Problems problems) {
        Fields root = new Fields(document.tree(), "", problems);
        expect(root, "apiVersion", API_VERSION, problems);
        expect(root, "kind", kind, problems);
        String name = name(root.map("metadata"), problems);
        Fields spec = root.map("spec");
        root.refuseOthers();
        return new Header(name, spec);
    }

    private static void expect(Fields root, String field, String value, Problems problems) {
        String actual = root.requiredText(field);
        if (!actual.isEmpty() && !actual.equals(value)) {
            problems.accept(field, "must be " + value + ", is " + actual);
        }
    }

    private static String name(Fields metadata, Problems problems) {
        String name = metadata.requiredText("name");
        if (name.length() > DnsLabel.MAX_LENGTH) {
            problems.accept(
                    "metadata.name", "must have at most " + DnsLabel.MAX_LENGTH + " characters, has " + name.length());
        } else if (!name.isEmpty() && !DnsLabel.isValid(name)) {
            problems.accept(
                    "metadata.name",
                    "must be lower-case letters, digits and hyphens, because annotations contain it; is '" + name
                            + "'");
        }
        return name;
    }
}
