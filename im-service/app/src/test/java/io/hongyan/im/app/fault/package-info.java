/** Faults that break a promise, for showing that the checks notice. Test builds only. */
package io.hongyan.im.app.fault;
