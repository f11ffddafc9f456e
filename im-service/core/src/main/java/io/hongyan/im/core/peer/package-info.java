/** What a node tells the other nodes of the cluster. */
package io.hongyan.im.core.peer;
