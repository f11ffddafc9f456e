/**
 * How a limits record declares what can be configured, without knowing who reads files:
 * {@link io.hongyan.settings.Setting} annotates the components of the record.
 */
package io.hongyan.settings;
