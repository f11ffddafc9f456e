/** The bench program: its commands and their options. */
package io.hongyan.bench;
