/** The contract kit of the storage ports: every storage extends each of these classes and passes them. */
package io.hongyan.im.core.contract;
