package io.hongyan.im.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.hongyan.im.core.push.PushThatReachesIntoMessages;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which module may depend on which. ARCHITECTURE.md says it for people. */
@AnalyzeClasses(packages = "io.hongyan", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    /** The packages of the core that are features, or parts of one. */
    private static final Map<String, String> FEATURES = Map.ofEntries(
            Map.entry("io.hongyan.im.core.send", "messages"),
            Map.entry("io.hongyan.im.core.inbox", "messages"),
            Map.entry("io.hongyan.im.core.group", "groups"),
            Map.entry("io.hongyan.im.core.sync", "sync"),
            Map.entry("io.hongyan.im.core.receipt", "receipts"),
            Map.entry("io.hongyan.im.core.session", "sessions"),
            Map.entry("io.hongyan.im.core.feed", "feed"),
            Map.entry("io.hongyan.im.core.push", "push"),
            Map.entry("io.hongyan.im.core.hint", "hints"),
            Map.entry("io.hongyan.im.core.data", "data"),
            Map.entry("io.hongyan.im.core.cluster", "cluster"));

    /** What features share, and what puts them together. */
    private static final Set<String> NO_FEATURES =
            Set.of("io.hongyan.im.core", "io.hongyan.im.core.message", "io.hongyan.im.core.work");

    private static final List<String> VAGUE_NAMES = List.of("util", "helper", "manager", "impl", "common", "dto");

    @ArchTest
    static final ArchTests locale = ArchTests.in(LocaleRules.class);

    @ArchTest
    static final ArchRule theBrokerKnowsNothingOfMessaging = noClasses()
            .that()
            .resideInAPackage("io.hongyan.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.hongyan.im..", "io.hongyan.protocol..");

    @ArchTest
    static final ArchRule theHookIsMadeOfTheJdkAlone = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.broker.hook")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.hongyan.broker.hook");

    @ArchTest
    static final ArchRule theRuntimeIsMadeOfTheJdkAlone = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.runtime..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.hongyan.runtime..");

    @ArchTest
    static final ArchRule theLinkKnowsTheHookAndNeitherOfItsEnds = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.broker.hook.grpc..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.slf4j..",
                    "io.grpc..",
                    "com.google.protobuf..",
                    "io.hongyan.runtime..",
                    "io.hongyan.metrics",
                    "io.hongyan.settings",
                    "io.hongyan.broker.hook",
                    "io.hongyan.broker.hook.grpc..");

    @ArchTest
    static final ArchRule onlyTheAppKnowsTheLink = noClasses()
            .that()
            .resideInAnyPackage("io.hongyan.broker.server..", "io.hongyan.im.adapter..", "io.hongyan.im.core..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hongyan.broker.hook.grpc..");

    @ArchTest
    static final ArchRule theCoreKnowsTheJdkAndTheLogger = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.im.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "org.slf4j..", "io.hongyan.metrics", "io.hongyan.settings", "io.hongyan.im.core..");

    @ArchTest
    static final ArchRule featuresOfTheCoreKnowOfEachOtherPortsOnly = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.im.core..")
            .should(knowPortsOfOtherFeaturesOnly());

    @ArchTest
    static void featureThatReachesIntoAnotherIsFound(JavaClasses classes) {
        JavaClasses reaching = new ClassFileImporter().importClasses(PushThatReachesIntoMessages.class);
        if (!featuresOfTheCoreKnowOfEachOtherPortsOnly.evaluate(reaching).hasViolation()) {
            throw new AssertionError("a push that knows the lane is not found");
        }
    }

    @ArchTest
    static final ArchRule measuringIsMadeOfTheJdkAlone = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.metrics..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.hongyan.metrics..");

    @ArchTest
    static final ArchRule whatSettingsAreIsSaidWithTheJdkAlone = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.hongyan.settings..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.hongyan.settings..");

    @ArchTest
    static final ArchRule theContractKnowsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("io.hongyan.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.hongyan.im..", "io.hongyan.broker..");

    @ArchTest
    static final ArchRule adaptersDoNotKnowEachOther =
            slices().matching("io.hongyan.im.adapter.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule enginesOfTheStorageDoNotKnowEachOther =
            slices().matching("io.hongyan.im.adapter.sql.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule whatEnginesShareKnowsNoneOfThem = noClasses()
            .that()
            .resideInAPackage("io.hongyan.im.adapter.sql")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.hongyan.im.adapter.sql.sqlite..", "io.hongyan.im.adapter.sql.mysql..");

    @ArchTest
    static final ArchRule adaptersKnowTheHookOfTheBrokerOnly = noClasses()
            .that()
            .resideInAPackage("io.hongyan.im.adapter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.hongyan.im.app..", "io.hongyan.broker.server..");

    @ArchTest
    static final ArchRule onlyTheMqttAdapterKnowsTheHook = noClasses()
            .that()
            .resideInAPackage("io.hongyan.im.adapter..")
            .and()
            .resideOutsideOfPackage("io.hongyan.im.adapter.mqtt..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.hongyan.broker..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.hongyan.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeIsAConstructorArgument = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.hongyan.im.core..",
                    "io.hongyan.im.adapter..",
                    "io.hongyan.broker..",
                    "io.hongyan.protocol..",
                    "io.hongyan.runtime..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule namesSayWhatSomethingIs = ArchRuleDefinition.classes().should(haveATellingName());

    @ArchTest
    static void everyPartIsLookedAt(JavaClasses classes) {
        for (String part : Set.of(
                "io.hongyan.runtime",
                "io.hongyan.metrics",
                "io.hongyan.settings",
                "io.hongyan.protocol",
                "io.hongyan.broker.hook",
                "io.hongyan.broker.hook.grpc",
                "io.hongyan.broker.server",
                "io.hongyan.im.adapter.sql.sqlite",
                "io.hongyan.im.adapter.sql.mysql",
                "io.hongyan.im.core.send")) {
            if (!classes.containPackage(part)) {
                throw new AssertionError(part + " was not found");
            }
        }
    }

    private static ArchCondition<JavaClass> knowPortsOfOtherFeaturesOnly() {
        return new ArchCondition<>("know of other features interfaces and what goes over them only") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                String feature = FEATURES.get(item.getPackageName());
                if (feature == null) {
                    boolean known = NO_FEATURES.contains(item.getPackageName());
                    events.add(new SimpleConditionEvent(item, known, item.getFullName() + " is in no known feature"));
                    return;
                }
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    String other = FEATURES.getOrDefault(target.getPackageName(), feature);
                    boolean allowed = other.equals(feature) || isPortOrValue(target);
                    events.add(new SimpleConditionEvent(item, allowed, dependency.getDescription()));
                }
            }
        };
    }

    private static boolean isPortOrValue(JavaClass type) {
        return type.isInterface() || type.isRecord() || type.isEnum() || type.isAssignableTo(Throwable.class);
    }

    private static ArchCondition<JavaClass> haveATellingName() {
        return new ArchCondition<>("not be named or filed as " + VAGUE_NAMES) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                List<String> packages = List.of(item.getPackageName().split("\\."));
                String name = item.getSimpleName().toLowerCase(Locale.ROOT);
                boolean vague = VAGUE_NAMES.stream().anyMatch(word -> packages.contains(word) || name.endsWith(word));
                events.add(new SimpleConditionEvent(item, !vague, item.getFullName()));
            }
        };
    }
}
