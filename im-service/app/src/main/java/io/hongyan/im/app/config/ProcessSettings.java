package io.hongyan.im.app.config;

import io.hongyan.im.core.work.WorkLimits;

/** How the process works and stops. */
public record ProcessSettings(WorkLimits work, StopSettings stop, LogSettings log) {}
