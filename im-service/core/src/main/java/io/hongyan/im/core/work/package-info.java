/** Work that may block, in queues that share the threads: who asks for much waits for the own turn, not others for theirs. */
package io.hongyan.im.core.work;
