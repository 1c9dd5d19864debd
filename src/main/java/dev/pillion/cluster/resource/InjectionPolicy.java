package dev.pillion.cluster.resource;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A policy selects Pods. It enforces profiles for them, adds profiles by default, permits profiles, or only audits them. */
@Group(InjectionProfile.GROUP)
@Version(InjectionProfile.VERSION)
@Plural("injectionpolicies")
@ShortNames("ipo")
@Categories("pillion")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
        message = "the name must be at most 63 lower-case letters, digits and hyphens, because annotations contain it")
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.mode", type = Type.STRING)
@AdditionalPrinterColumn(name = "Priority", jsonPath = ".spec.priority", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Percentage", jsonPath = ".spec.percentage", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Until", jsonPath = ".spec.until", type = Type.STRING)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ResourceStatus.READY, type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public final class InjectionPolicy extends CustomResource<PolicySpec, ResourceStatus> {

    private static final long serialVersionUID = 1;
}
