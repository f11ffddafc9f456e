/** The configuration: one YAML file, environment variables that override it, and a default for everything. */
package io.hongyan.im.app.config;
