/**
 * The controller: the broker that leads the metadata log keeps a session with every registered
 * broker, and sees to it that those lead that are there.
 *
 * <p>{@link io.funes.server.controller.BrokerSession}, on each broker, sends a {@link
 * io.funes.server.controller.Heartbeat} every so often; {@link
 * io.funes.server.controller.Controller} takes it. What follows from it is decided in {@link
 * io.funes.server.controller.ControllerDuties}, which does nothing itself: its {@link
 * io.funes.server.controller.Decision}s are carried out by the controller, as commands that count
 * in its term only. {@link io.funes.server.controller.DeathWatch} notices that the controller
 * itself is dead. Whatever a broker or a partition becomes by them is decided where they are
 * applied, see {@link io.funes.server.metadata}.
 *
 * <p>The rules, each with its test, are in {@code docs/replication.md}. Clock, threads, the
 * metadata log and the network are all given.
 */
package io.funes.server.controller;
