/**
 * How the limits of a part say what can be configured of them, without knowing who reads files: {@link
 * io.hongyan.settings.Setting} stands on the components of their records.
 */
package io.hongyan.settings;
