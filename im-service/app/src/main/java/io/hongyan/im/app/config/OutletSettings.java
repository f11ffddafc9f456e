package io.hongyan.im.app.config;

/** Where others are told what happens. */
public record OutletSettings(HintSettings hints, ReportSettings reports, RocketMqSettings rocketmq) {}
