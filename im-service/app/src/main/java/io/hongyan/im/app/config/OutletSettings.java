package io.hongyan.im.app.config;

/** The feed, hints and reports: what other systems are told. */
public record OutletSettings(HintSettings hints, ReportSettings reports, RocketMqSettings rocketmq) {}
