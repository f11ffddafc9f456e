/** Groups: who is in them, who may do what, and how they change, as entries of their own log. */
package io.hongyan.im.core.group;
