/** Certificates and private keys in PEM files, and when they change. Built on the JDK alone. */
package io.hongyan.runtime.pem;
