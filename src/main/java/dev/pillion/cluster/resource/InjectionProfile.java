package dev.pillion.cluster.resource;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A profile: defines one companion and its parameters. */
@Group(InjectionProfile.GROUP)
@Version(InjectionProfile.VERSION)
@ShortNames("ipf")
@Categories("pillion")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
        message = "the name must be at most 63 lower-case letters, digits and hyphens, because annotations contain it")
@AdditionalPrinterColumn(name = "Access", jsonPath = ".spec.access", type = Type.STRING)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceStatus.READY, type = Type.STRING)
@AdditionalPrinterColumn(name = "Generation", jsonPath = ".status.generation", type = Type.STRING)
@AdditionalPrinterColumn(name = "Percentage", jsonPath = ".spec.percentage", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Description", jsonPath = ".spec.description", type = Type.STRING)
public final class InjectionProfile extends CustomResource<ProfileSpec, ResourceStatus> {

    public static final String GROUP = "pillion.dev";
    public static final String VERSION = "v1alpha1";

    private static final long serialVersionUID = 1;
}
