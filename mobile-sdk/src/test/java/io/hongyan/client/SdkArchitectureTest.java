package io.hongyan.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** What the library may depend on, and that Android has it. */
@AnalyzeClasses(packages = "io.hongyan.client", importOptions = ImportOption.DoNotIncludeTests.class)
final class SdkArchitectureTest {
    /** Of the JDK, what Android has from API level 21 on and what does neither wait, nor read, nor write. */
    @ArchTest
    static final ArchRule theDataKnowOfNoThreadsNoClockAndNoInput = classes()
            .that()
            .resideInAPackage("io.hongyan.client.data..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang",
                    "java.lang.invoke",
                    "java.util",
                    "com.google.protobuf",
                    "io.hongyan.protocol.v1",
                    "io.hongyan.client.data")
            .andShould(notCall(
                    "java.lang.System", "java.lang.Thread", "java.util.Random", "java.util.UUID", "java.util.Timer"));

    @ArchTest
    static final ArchRule theNetworkKnowsNothingOfTheData = classes()
            .that()
            .resideInAPackage("io.hongyan.client.net..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java.lang", "java.util", "io.hongyan.client.net");

    /** They came to Android with API level 24; {@code java.util.stream} and {@code java.util.function} are refused above. */
    @ArchTest
    static final ArchRule nothingIsCalledThatAndroid21DoesNotHave =
            classes().should(callNoMethodThatInterfacesOfTheJdkHaveABodyFor());

    @ArchTest
    static final ArchRule whatIsSaidToOthersIsFinalOrAnInterface =
            classes().that().arePublic().and().areNotInterfaces().should().haveModifier(JavaModifier.FINAL);

    private static ArchCondition<JavaClass> notCall(String... owners) {
        Set<String> refused = Set.of(owners);
        return new ArchCondition<>("call nothing of " + refused) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getAccessesFromSelf().stream()
                        .filter(access ->
                                refused.contains(access.getTargetOwner().getName()))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(item, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> callNoMethodThatInterfacesOfTheJdkHaveABodyFor() {
        return new ArchCondition<>("call no default or static method of an interface of the JDK") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaMethodCall call : item.getMethodCallsFromSelf()) {
                    boolean ofTheJdk = call.getTargetOwner().getName().startsWith("java.");
                    boolean hasBody = ofTheJdk
                            && call.getTarget()
                                    .resolveMember()
                                    .map(method -> method.getOwner().isInterface()
                                            && !method.getModifiers().contains(JavaModifier.ABSTRACT))
                                    .orElse(false);
                    if (hasBody) {
                        events.add(SimpleConditionEvent.violated(item, call.getDescription()));
                    }
                }
            }
        };
    }
}
