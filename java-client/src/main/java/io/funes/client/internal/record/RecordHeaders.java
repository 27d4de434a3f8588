package io.funes.client.internal.record;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.funes.client.Header;
import io.funes.proto.v1.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decodes the headers of a record, which most readers never ask for. */
public final class RecordHeaders {
  private RecordHeaders() {}

  /** The headers among the fields of a record in this range. */
  public static List<Header> parse(byte[] source, int from, int end) throws IOException {
    List<Header> headers = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(source, from, end - from);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == Record.HEADERS_FIELD_NUMBER) {
        var header = io.funes.proto.v1.Header.parseFrom(in.readByteArray());
        headers.add(
            Header.of(
                header.getName(), header.hasValue() ? header.getValue().toByteArray() : null));
      } else {
        in.skipField(tag);
      }
    }
    return List.copyOf(headers);
  }
}
