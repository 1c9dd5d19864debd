package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.pod.Quantity;
import dev.pillion.pod.StoredForm;
import dev.pillion.pod.VolumeMount;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Hashes of additions, which the status records. They show that someone has changed an addition, or that it would be rendered differently
 * now. They ignore fields that the API server adds, so a manifest from {@code kubectl get} has the same hashes. A hash has six hexadecimal
 * digits, which is enough to find accidental changes. It is no protection against an attacker.
 */
public final class AdditionHash {

    private static final FieldComparison OF_CONTAINER = new FieldComparison(KubernetesAdditions.OF_CONTAINER);
    private static final FieldComparison OF_VOLUME = new FieldComparison(KubernetesAdditions.OF_VOLUME);

    private static final int PRIME = 31;
    private static final int DIGITS = 6;

    private final FieldComparison fields;

    private AdditionHash(FieldComparison fields) {
        this.fields = fields;
    }

    /** The hash of each field of a container, except its name and the pull policy, which an admission plug-in can set. */
    public static Map<String, String> ofContainer(JsonNode container) {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : container.properties()) {
            String name = field.getKey();
            if (!name.equals("name") && !name.equals("imagePullPolicy")) {
                ofField(name, field.getValue()).ifPresent(hash -> hashes.put(name, hash));
            }
        }
        return hashes;
    }

    /** The hash of one field of a container; empty if its value means the same as none. */
    public static Optional<String> ofField(String name, JsonNode value) {
        AdditionHash hash = new AdditionHash(OF_CONTAINER);
        return hash.isLeftOut(name, value) ? Optional.empty() : Optional.of(digits(hash.of(name, value)));
    }

    public static String ofVariable(JsonNode variable) {
        return digits(new AdditionHash(OF_CONTAINER).of("env", variable));
    }

    public static String ofMount(JsonNode mount) {
        return digits(new AdditionHash(OF_CONTAINER).of("volumeMounts", mount));
    }

    public static String ofVolume(JsonNode volume) {
        return digits(new AdditionHash(OF_VOLUME).of("", volume));
    }

    public static String ofText(String text) {
        return digits(text.hashCode());
    }

    private boolean isLeftOut(String path, JsonNode value) {
        return StoredForm.isOmitted(path, value)
                || fields.isDefault(path, value)
                || path.equals("volumeMounts") && value.valueStream().allMatch(AdditionHash::isToken);
    }

    private static boolean isToken(JsonNode mount) {
        return mount.path("mountPath").asText().equals(VolumeMount.TOKEN_DIRECTORY);
    }

    private int of(String path, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> ofFields(path, value);
            case ARRAY -> ofElements(path, value);
            case STRING ->
                StoredForm.isQuantity(path)
                        ? Quantity.amount(value.textValue())
                                .map(AdditionHash::ofNumber)
                                .orElseGet(() -> value.textValue().hashCode())
                        : value.textValue().hashCode();
            case NUMBER -> ofNumber(value.decimalValue());
            case BOOLEAN, NULL, BINARY, POJO, MISSING -> value.asText().hashCode();
        };
    }

    /** Independent of the order of the fields: the API server and {@code kubectl} sort them. */
    private int ofFields(String path, JsonNode map) {
        int sum = 1;
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (!isLeftOut(below, field.getValue())) {
                sum += mixed(field.getKey().hashCode() * PRIME + of(below, field.getValue()));
            }
        }
        return sum;
    }

    private int ofElements(String path, JsonNode list) {
        int hash = 2;
        for (JsonNode element : list) {
            if (!path.equals("volumeMounts") || !isToken(element)) {
                hash = mixed(hash * PRIME + of(path, element));
            }
        }
        return hash;
    }

    private static int ofNumber(BigDecimal number) {
        return number.stripTrailingZeros().hashCode();
    }

    /** Spreads the bits (MurmurHash3's finalizer), so that sums and similar values differ. */
    private static int mixed(int value) {
        int mixed = (value ^ (value >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }

    private static String digits(int hash) {
        return HexFormat.of().toHexDigits(mixed(hash), DIGITS);
    }
}
