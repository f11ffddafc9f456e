/** Says which history the numbers of the data belong to, and has clients log in again when it is another one. */
package io.hongyan.im.core.data;
