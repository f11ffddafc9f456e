/** The configuration: one YAML file, environment variables over it, and everything has a default. */
package io.hongyan.im.app.config;
