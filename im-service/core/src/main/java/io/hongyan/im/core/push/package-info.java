/** What business lines send to one, many or all users: a job, carried out page by page. */
package io.hongyan.im.core.push;
