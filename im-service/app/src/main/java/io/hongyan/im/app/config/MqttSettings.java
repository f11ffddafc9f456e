package io.hongyan.im.app.config;

import io.hongyan.broker.server.BrokerConfig.Deadlines;
import io.hongyan.broker.server.BrokerConfig.FlowLimits;
import io.hongyan.broker.server.BrokerConfig.PacketLimits;
import io.hongyan.im.adapter.mqtt.TopicAccess;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;

/** The gate: packets, flow, deadlines. */
public record MqttSettings(
        @Setting(
                value = "Who may use topics outside messaging: `own` = each user those below `t/{uid}/`; `open` ="
                        + " everybody all of them, including clients that are no messaging clients, without a"
                        + " token.",
                defaultValue = "own")
        TopicAccess access,

        @InSection(".") PacketLimits packets,

        @InSection(".") FlowLimits flow,

        @InSection(".") Deadlines deadlines) {}
