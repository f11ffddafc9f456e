package io.hongyan.im.adapter.http;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name as the parts of the server write it, and what is made of it: the prefix, its labels, and base units. What is
 * counted in nanoseconds or milliseconds, as the end of its name says, is shown in seconds.
 *
 * @param perUnit how many of what is counted are one of what is shown
 */
record MetricName(String name, Tags labels, double perUnit) {
    static final String PREFIX = "hongyan_";
    private static final String TOTAL = "_total";
    private static final Pattern FORM = Pattern.compile("([a-z][a-z0-9_]*)(?:[{](.+)[}])?");
    private static final Pattern LABEL = Pattern.compile("([a-z][a-z0-9_]*)=\"([^\"]*)\"(?:,|$)");

    static MetricName of(String written) {
        Matcher form = FORM.matcher(written);
        if (!form.matches()) {
            throw new IllegalArgumentException(written + " is not a name of a metric");
        }
        String name = form.group(1);
        String total = name.endsWith(TOTAL) ? TOTAL : "";
        String stem = name.substring(0, name.length() - total.length());
        double perUnit = 1;
        if (stem.endsWith("_nanos")) {
            perUnit = 1e9;
        } else if (stem.endsWith("_millis")) {
            perUnit = 1e3;
        }
        if (perUnit > 1) {
            stem = stem.substring(0, stem.lastIndexOf('_')) + "_seconds";
        }
        return new MetricName(PREFIX + stem + total, labels(form.group(2)), perUnit);
    }

    boolean isTotal() {
        return name.endsWith(TOTAL);
    }

    private static Tags labels(String written) {
        List<Tag> tags = new ArrayList<>();
        int end = 0;
        if (written != null) {
            Matcher label = LABEL.matcher(written);
            while (end < written.length() && label.find(end) && label.start() == end) {
                tags.add(Tag.of(label.group(1), label.group(2)));
                end = label.end();
            }
            if (end < written.length()) {
                throw new IllegalArgumentException(written + " are not labels of a metric");
            }
        }
        return Tags.of(tags);
    }
}
