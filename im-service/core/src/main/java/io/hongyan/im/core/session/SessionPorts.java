package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.feed.FeedEvents;
import io.hongyan.im.core.inbox.ClientStreams;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Downlink;

/** What sessions work with. */
public record SessionPorts(
        Users users,
        Devices devices,
        SessionDirectory directory,
        ClientStreams.Source streams,
        Downlink downlink,
        FeedEvents events,
        OtherNodes otherNodes,
        Fencing fencing) {}
