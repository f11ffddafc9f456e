package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class MainTest {
    @Test
    void noProgramDependsOnTheLocaleAndEachEndsAtAFatalError() {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        Locale locale = Locale.getDefault();
        PrintStream out = System.out;
        PrintStream errors = System.err;
        Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
        try {
            Main.fixSurroundings();
            assertThat(Locale.getDefault()).isEqualTo(Locale.ROOT);
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isInstanceOf(FatalErrorEnd.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handler);
            Locale.setDefault(locale);
            System.setOut(out);
            System.setErr(errors);
        }
    }
}
