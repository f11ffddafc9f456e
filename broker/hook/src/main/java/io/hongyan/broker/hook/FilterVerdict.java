package io.hongyan.broker.hook;

/**
 * The answer to one filter of a subscription change.
 *
 * @param reasonCode of a SUBSCRIBE the granted QoS (0, 1, 2) or an MQTT 5 reason code from 0x80, which MQTT 3.1.1
 *     clients see as 0x80; of an UNSUBSCRIBE an UNSUBACK reason code (0 = done, 0x11 = there was none)
 */
public record FilterVerdict(int reasonCode) {
    public static final FilterVerdict NOT_AUTHORIZED = new FilterVerdict(0x87);

    public boolean accepted() {
        return reasonCode < 0x80;
    }
}
