package io.funes.server.log.file;

class ChannelSegmentFileTest extends SegmentFileContract {
  @Override
  SegmentFiles files() {
    return new ChannelSegmentFiles();
  }
}
