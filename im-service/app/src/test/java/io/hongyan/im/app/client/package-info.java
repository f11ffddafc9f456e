/** Stock MQTT clients of several makers as clients of the server under test. */
package io.hongyan.im.app.client;
