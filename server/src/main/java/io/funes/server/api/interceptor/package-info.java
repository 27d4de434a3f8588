/** What holds for every call: its deadline, its metrics, and the status of what it throws. */
package io.funes.server.api.interceptor;
