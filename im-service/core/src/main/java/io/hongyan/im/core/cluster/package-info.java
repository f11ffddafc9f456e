/** What the nodes of a cluster tell each other, and what a node does with what it is told. */
package io.hongyan.im.core.cluster;
