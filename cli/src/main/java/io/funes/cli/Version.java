package io.funes.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = FunesCommand.class.getPackage().getImplementationVersion();
    return new String[] {"funes " + Optional.ofNullable(version).orElse("(not packaged)")};
  }
}
