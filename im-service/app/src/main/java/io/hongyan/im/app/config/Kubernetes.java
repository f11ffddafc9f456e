package io.hongyan.im.app.config;

import java.util.regex.Pattern;

/**
 * Variables that Kubernetes sets in every container for each service of the name space: a service called
 * {@code hongyan} or {@code hongyan-http} gives names that begin like those of settings. They are recognised by the
 * form of name and value (Kubernetes documentation, "Service: environment variables").
 */
final class Kubernetes {
    private static final String SERVICE = "HONGYAN(_[A-Z0-9]+)*?";
    private static final String URL = "(tcp|udp|sctp)://\\S+:[0-9]{1,5}";
    private static final String ADDRESS = "[0-9a-fA-F.:\\[\\]]{2,47}|None";

    /** NAME=VALUE of each. */
    private static final Pattern FORM = Pattern.compile(SERVICE
            + "(_SERVICE_HOST=(" + ADDRESS + ")"
            + "|_SERVICE_PORT(_[A-Z0-9_]+)?=[0-9]{1,5}"
            + "|_PORT=" + URL
            + "|_PORT_[0-9]{1,5}_(TCP|UDP|SCTP)(=" + URL + "|_PROTO=(tcp|udp|sctp)|_PORT=[0-9]{1,5}|_ADDR=(" + ADDRESS
            + ")))");

    private Kubernetes() {}

    static boolean sets(String name, String value) {
        return FORM.matcher(name + '=' + value).matches();
    }
}
