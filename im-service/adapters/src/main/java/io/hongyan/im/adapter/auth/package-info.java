/** Identity: tokens signed with a shared secret or by an issuer, and tokens that a sign-on service is asked about. */
package io.hongyan.im.adapter.auth;
