package io.liveprofile.job.types;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A {@link BehaviorEvent} as a four-byte mask of the fields that it has, and those fields in the order of the schema. The
 * type is written as its position in the schema, where new symbols are only ever appended.
 */
final class BehaviorEventCoding {
    private static final EventType[] TYPES = EventType.values();

    private static final int EVENT_ID = 1;
    private static final int USER_ID = 1 << 1;
    private static final int TYPE = 1 << 2;
    private static final int ITEM_ID = 1 << 3;
    private static final int CATEGORY_ID = 1 << 4;
    private static final int BRAND = 1 << 5;
    private static final int AMOUNT_MINOR = 1 << 6;
    private static final int CURRENCY = 1 << 7;
    private static final int QUANTITY = 1 << 8;
    private static final int SESSION_ID = 1 << 9;
    private static final int DEVICE_ID = 1 << 10;
    private static final int IP = 1 << 11;
    private static final int LATITUDE = 1 << 12;
    private static final int LONGITUDE = 1 << 13;
    private static final int CHANNEL = 1 << 14;
    private static final int RATING = 1 << 15;
    private static final int TEXT = 1 << 16;
    private static final int EMBEDDING = 1 << 17;
    private static final int ATTRIBUTES = 1 << 18;

    private BehaviorEventCoding() {}

    static void write(BehaviorEvent event, DataOutputView out) throws IOException {
        String eventId = event.getEventId();
        String userId = event.getUserId();
        EventType type = event.getType();
        String itemId = event.getItemId();
        String categoryId = event.getCategoryId();
        String brand = event.getBrand();
        Long amountMinor = event.getAmountMinor();
        String currency = event.getCurrency();
        Integer quantity = event.getQuantity();
        String sessionId = event.getSessionId();
        String deviceId = event.getDeviceId();
        String ip = event.getIp();
        Double latitude = event.getLatitude();
        Double longitude = event.getLongitude();
        String channel = event.getChannel();
        Double rating = event.getRating();
        String text = event.getText();
        List<Float> embedding = event.getEmbedding();
        Map<String, String> attributes = event.getAttributes();

        out.writeInt(bit(eventId, EVENT_ID) | bit(userId, USER_ID) | bit(type, TYPE) | bit(itemId, ITEM_ID)
                | bit(categoryId, CATEGORY_ID) | bit(brand, BRAND) | bit(amountMinor, AMOUNT_MINOR)
                | bit(currency, CURRENCY) | bit(quantity, QUANTITY) | bit(sessionId, SESSION_ID)
                | bit(deviceId, DEVICE_ID) | bit(ip, IP) | bit(latitude, LATITUDE) | bit(longitude, LONGITUDE)
                | bit(channel, CHANNEL) | bit(rating, RATING) | bit(text, TEXT) | bit(embedding, EMBEDDING)
                | bit(attributes, ATTRIBUTES));
        out.writeLong(event.getEventTime());
        writePresent(eventId, out);
        writePresent(userId, out);
        if (type != null) {
            out.writeByte(type.ordinal());
        }
        writePresent(itemId, out);
        writePresent(categoryId, out);
        writePresent(brand, out);
        if (amountMinor != null) {
            out.writeLong(amountMinor);
        }
        writePresent(currency, out);
        if (quantity != null) {
            out.writeInt(quantity);
        }
        writePresent(sessionId, out);
        writePresent(deviceId, out);
        writePresent(ip, out);
        writePresent(latitude, out);
        writePresent(longitude, out);
        writePresent(channel, out);
        writePresent(rating, out);
        writePresent(text, out);
        if (embedding != null) {
            FieldCoding.writeFloatList(embedding, out);
        }
        if (attributes != null) {
            FieldCoding.writeTextMap(attributes, out);
        }
    }

    static BehaviorEvent read(DataInputView in) throws IOException {
        int mask = in.readInt();
        BehaviorEvent event = new BehaviorEvent();
        event.setEventTime(in.readLong());
        event.setEventId(readPresent(mask, EVENT_ID, in));
        event.setUserId(readPresent(mask, USER_ID, in));
        event.setType((mask & TYPE) == 0 ? null : TYPES[in.readByte()]);
        event.setItemId(readPresent(mask, ITEM_ID, in));
        event.setCategoryId(readPresent(mask, CATEGORY_ID, in));
        event.setBrand(readPresent(mask, BRAND, in));
        event.setAmountMinor((mask & AMOUNT_MINOR) == 0 ? null : (Long) in.readLong());
        event.setCurrency(readPresent(mask, CURRENCY, in));
        event.setQuantity((mask & QUANTITY) == 0 ? null : (Integer) in.readInt());
        event.setSessionId(readPresent(mask, SESSION_ID, in));
        event.setDeviceId(readPresent(mask, DEVICE_ID, in));
        event.setIp(readPresent(mask, IP, in));
        event.setLatitude((mask & LATITUDE) == 0 ? null : (Double) in.readDouble());
        event.setLongitude((mask & LONGITUDE) == 0 ? null : (Double) in.readDouble());
        event.setChannel(readPresent(mask, CHANNEL, in));
        event.setRating((mask & RATING) == 0 ? null : (Double) in.readDouble());
        event.setText(readPresent(mask, TEXT, in));
        event.setEmbedding((mask & EMBEDDING) == 0 ? null : FieldCoding.readFloatList(in));
        event.setAttributes((mask & ATTRIBUTES) == 0 ? null : FieldCoding.readTextMap(in));
        return event;
    }

    private static int bit(Object field, int bit) {
        return field == null ? 0 : bit;
    }

    private static void writePresent(String text, DataOutputView out) throws IOException {
        if (text != null) {
            FieldCoding.writeUtf8(text, out);
        }
    }

    private static void writePresent(Double number, DataOutputView out) throws IOException {
        if (number != null) {
            out.writeDouble(number);
        }
    }

    private static String readPresent(int mask, int bit, DataInputView in) throws IOException {
        return (mask & bit) == 0 ? null : FieldCoding.readUtf8(in);
    }
}
