/** Certificates and private keys in PEM files, and when they change. Made of the JDK alone. */
package io.hongyan.runtime.pem;
