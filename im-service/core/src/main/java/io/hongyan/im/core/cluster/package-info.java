/** What a node does with what the other nodes of the cluster tell it. */
package io.hongyan.im.core.cluster;
