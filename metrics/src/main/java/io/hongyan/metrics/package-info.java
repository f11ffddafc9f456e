/** What every part measures with, without knowing who publishes it. */
package io.hongyan.metrics;
