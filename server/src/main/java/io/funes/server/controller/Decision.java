package io.funes.server.controller;

import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;

/** What the controller does next. Each is answered before another of its kind and broker comes. */
sealed interface Decision {
  /** Counts in this term only. */
  long term();

  /** To fence a broker, unfence it, or have it hand over. */
  record ChangeBroker(long term, int brokerId, MetadataCommand command, String why)
      implements Decision {}

  /** To write a version of the metadata's bytes that all brokers can read by now. */
  record Raise(long term, RaiseVersion command) implements Decision {}

  /** To let preferred leaders lead again. */
  record Elect(long term, ElectLeaders command) implements Decision {}

  /**
   * To find out whether a broker is gone.
   *
   * @param breaks how often its stream had broken; an answer about an earlier break says nothing
   */
  record Dial(long term, BrokerLife broker, int breaks, String address) implements Decision {}
}
