/**
 * The hook between two processes: a gate and a node talk over one gRPC stream.
 *
 * <p>{@link io.hongyan.broker.hook.grpc.NodeLink} is the end of the gate,
 * {@link io.hongyan.broker.hook.grpc.GateLinks} accepts gates at the node. Both send all waiting items as one message,
 * and read no more than they can handle.
 */
package io.hongyan.broker.hook.grpc;
