/** How far messages have come: marks of what users have received and read, and who is told of them. */
package io.hongyan.im.core.receipt;
