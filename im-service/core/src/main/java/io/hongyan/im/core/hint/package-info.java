/** Tells somebody outside when a user has had an undelivered message for a while. */
package io.hongyan.im.core.hint;
