/**
 * What features have in common, and the work they have done: at times, or when its turn comes in queues that share the threads.
 * Who asks for much waits for the own turn, not others for theirs.
 */
package io.hongyan.im.core.work;
