/**
 * The hook between two processes: a gate and a logic node talk over one gRPC stream.
 *
 * <p>{@link io.hongyan.broker.hook.grpc.HostLink} is the host as a gate sees it, {@link
 * io.hongyan.broker.hook.grpc.GateLinks} lets gates in at a logic node. Both send what waits as one message, and read no
 * more than they can work off.
 */
package io.hongyan.broker.hook.grpc;
