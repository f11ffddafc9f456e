package io.hongyan.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/** Reads text that is known to have a fault, up to the token with the fault, so that the fields before it are known. */
final class FaultyTextParser extends JsonParserDelegate {
    private final int faultAt;
    private final String what;

    /**
     * @param faultAt number of the byte
     * @param what as a text after the name of the field
     */
    FaultyTextParser(JsonParser parser, int faultAt, String what) {
        super(parser);
        this.faultAt = faultAt;
        this.what = what;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = delegate.nextToken();
        delegate.finishToken();
        if (token == null || delegate.currentLocation().getByteOffset() > faultAt) {
            String path = JsonText.path(delegate.getParsingContext());
            throw new JsonFault((path.isEmpty() ? "The text" : "The field " + path) + ' ' + what + '.');
        }
        return token;
    }

    @Override
    public JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    @Override
    public String nextFieldName() throws IOException {
        return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public boolean nextFieldName(SerializableString expected) throws IOException {
        return nextToken() == JsonToken.FIELD_NAME && expected.getValue().equals(currentName());
    }

    @Override
    public String nextTextValue() throws IOException {
        return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }

    @Override
    public int nextIntValue(int otherwise) throws IOException {
        return nextToken() == JsonToken.VALUE_NUMBER_INT ? getIntValue() : otherwise;
    }

    @Override
    public long nextLongValue(long otherwise) throws IOException {
        return nextToken() == JsonToken.VALUE_NUMBER_INT ? getLongValue() : otherwise;
    }

    @Override
    public Boolean nextBooleanValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.VALUE_TRUE ? Boolean.TRUE : token == JsonToken.VALUE_FALSE ? Boolean.FALSE : null;
    }
}
