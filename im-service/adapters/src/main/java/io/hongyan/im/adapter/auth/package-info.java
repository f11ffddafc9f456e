/** Who somebody is: tokens signed with a shared secret. */
package io.hongyan.im.adapter.auth;
