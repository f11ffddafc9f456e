package io.hongyan.im.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/** Calls that depend on the machine's locale or charset must name one. */
final class LocaleRules {
    /** Which have a form with a locale or charset, as {@code class.method}. */
    private static final Set<String> WITHOUT_ONE = Set.of(
            "java.lang.String.format",
            "java.lang.String.formatted",
            "java.lang.String.toLowerCase",
            "java.lang.String.toUpperCase",
            "java.lang.String.getBytes",
            "java.io.PrintStream.printf",
            "java.io.PrintStream.format",
            "java.io.PrintWriter.printf",
            "java.io.PrintWriter.format",
            "java.util.Formatter.<init>",
            "java.util.Scanner.<init>",
            "java.text.DecimalFormat.<init>",
            "java.text.SimpleDateFormat.<init>",
            "java.text.MessageFormat.<init>",
            "java.text.MessageFormat.format",
            "java.text.NumberFormat.getInstance",
            "java.text.NumberFormat.getIntegerInstance",
            "java.text.NumberFormat.getPercentInstance",
            "java.time.format.DateTimeFormatter.ofPattern",
            "java.io.FileReader.<init>",
            "java.io.FileWriter.<init>",
            "java.io.InputStreamReader.<init>",
            "java.io.OutputStreamWriter.<init>",
            "java.io.ByteArrayOutputStream.toString",
            "java.nio.charset.Charset.defaultCharset",
            "java.util.Locale.getDefault");

    private static final Set<String> SAYS_WHICH = Set.of(
            "java.util.Locale",
            "java.nio.charset.Charset",
            "java.nio.charset.CharsetDecoder",
            "java.nio.charset.CharsetEncoder",
            "java.text.DecimalFormatSymbols");

    @ArchTest
    static final ArchRule theLocaleOfTheMachineChangesNothing =
            noClasses().should().callCodeUnitWhere(asks("depends on the default locale or charset"));

    private static DescribedPredicate<JavaAccess<?>> asks(String words) {
        return describe(words, access -> {
            String called =
                    access.getTargetOwner().getName() + '.' + access.getTarget().getName();
            return WITHOUT_ONE.contains(called) && parameters(access).stream().noneMatch(SAYS_WHICH::contains)
                    || newString(access);
        });
    }

    /** Of bytes, without a charset. */
    private static boolean newString(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals("java.lang.String")
                && access.getTarget().getName().equals("<init>")
                && parameters(access).contains("[B")
                && parameters(access).stream().noneMatch(SAYS_WHICH::contains);
    }

    private static List<String> parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget called
                ? called.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }
}
