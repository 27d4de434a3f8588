package io.funes.server.controller;

/**
 * How the controller sees a broker.
 *
 * @param term in which it leads the metadata log; an answer of a lower one than another says
 *     nothing
 * @param fenced the broker may neither lead nor be in sync
 * @param revision of the metadata by which the controller says so
 * @param mayStop it leads nothing that another could, and the others know; or it has waited long
 *     enough
 */
public record HeartbeatAnswer(long term, long revision, boolean fenced, boolean mayStop) {}
