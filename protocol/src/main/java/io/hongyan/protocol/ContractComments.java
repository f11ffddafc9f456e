package io.hongyan.protocol;

import com.google.protobuf.Descriptors.GenericDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comments before messages, fields and constants, read from the sources of the contract, which are stored beside
 * its classes: one declaration per line, and comments on their own lines.
 */
public final class ContractComments {
    private static final String COMMENT = "//";
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern BLOCK = Pattern.compile("(message|enum|oneof) (\\w+) \\{(})?");
    private static final Pattern MEMBER = Pattern.compile("(?:[\\w. ]+ )?(\\w+) = \\d+;");

    private final Map<String, String> byFullName = new HashMap<>();
    private final Set<String> files = new HashSet<>();

    /** On one line; empty if there is none. For one thread at a time. */
    public String of(GenericDescriptor element) {
        String file = element.getFile().getName();
        if (files.add(file)) {
            read(lines(file));
        }
        return byFullName.getOrDefault(element.getFullName(), "");
    }

    private static List<String> lines(String file) {
        try (InputStream in = ContractComments.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " does not lie beside the classes that were made from it");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void read(List<String> lines) {
        Deque<String> scopes = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (String indented : lines) {
            String line = indented.strip();
            if (line.startsWith(COMMENT)) {
                comment.append(comment.isEmpty() ? "" : " ")
                        .append(line.substring(COMMENT.length()).strip());
            } else {
                declare(line, comment.toString(), scopes);
                comment.setLength(0);
            }
        }
    }

    private void declare(String line, String comment, Deque<String> scopes) {
        Matcher root = PACKAGE.matcher(line);
        Matcher block = BLOCK.matcher(line);
        Matcher member = MEMBER.matcher(line);
        if (root.matches()) {
            scopes.push(root.group(1));
        } else if (block.matches()) {
            String name = scopes.element() + '.' + block.group(2);
            byFullName.put(name, comment);
            if (block.group(3) == null) {
                // The members of a oneof belong to the message around it.
                scopes.push(block.group(1).equals("oneof") ? scopes.element() : name);
            }
        } else if (member.matches()) {
            byFullName.put(scopes.element() + '.' + member.group(1), comment);
        } else if (line.equals("}")) {
            scopes.pop();
        }
    }
}
