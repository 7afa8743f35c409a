// Writes dead letter records as the frameworks do, by Kafka's own Java client.
//   java -cp 'kafka/*' ForeignLetters.java SERVERS TOPIC KIND FAILED_IN COUNT [VALUE_BYTES]
// KIND: spring, connect or streams. Record i has the key "k<i>" and a value that begins with "<kind>-<i>;".
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class ForeignLetters {
    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
    static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
    static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    // As DeadLetterPublishingRecoverer of Spring for Apache Kafka.
    static void spring(Headers headers, String topic, int partition, long offset) {
        headers.add("kafka_dlt-exception-fqcn",
                    text("org.springframework.kafka.listener.ListenerExecutionFailedException"));
        headers.add("kafka_dlt-exception-cause-fqcn", text("java.lang.IllegalStateException"));
        headers.add("kafka_dlt-exception-message", text("Listener failed; order " + offset + " is not payable"));
        headers.add("kafka_dlt-exception-stacktrace", text("java.lang.IllegalStateException: no\n\tat a.B.c(B.java:7)\n"));
        headers.add("kafka_dlt-original-topic", text(topic));
        headers.add("kafka_dlt-original-partition", number(partition));
        headers.add("kafka_dlt-original-offset", number(offset));
        headers.add("kafka_dlt-original-timestamp", number(1_700_000_000_000L));
        headers.add("kafka_dlt-original-timestamp-type", text("CreateTime"));
        headers.add("kafka_dlt-original-consumer-group", text("billing"));
    }

    // As DeadLetterQueueReporter of Kafka Connect.
    static void connect(Headers headers, String topic, int partition, long offset) {
        headers.add("__connect.errors.topic", text(topic));
        headers.add("__connect.errors.partition", text(Integer.toString(partition)));
        headers.add("__connect.errors.offset", text(Long.toString(offset)));
        headers.add("__connect.errors.connector.name", text("orders-sink"));
        headers.add("__connect.errors.task.id", text("2"));
        headers.add("__connect.errors.stage", text("VALUE_CONVERTER"));
        headers.add("__connect.errors.class.name", text("org.apache.kafka.connect.json.JsonConverter"));
        headers.add("__connect.errors.exception.class.name", text("org.apache.kafka.connect.errors.DataException"));
        headers.add("__connect.errors.exception.message", null);
        headers.add("__connect.errors.exception.stacktrace", text("org.apache.kafka.connect.errors.DataException\n"));
    }

    // As ExceptionHandlerUtils of Kafka Streams.
    static void streams(Headers headers, String topic, int partition, long offset) {
        headers.add("__streams.errors.exception", text("org.apache.kafka.streams.errors.StreamsException"));
        headers.add("__streams.errors.message", text("Deserialization of offset " + offset + " failed"));
        headers.add("__streams.errors.stacktrace", text("org.apache.kafka.streams.errors.StreamsException\n"));
        headers.add("__streams.errors.topic", text(topic));
        headers.add("__streams.errors.partition", text(Integer.toString(partition)));
        headers.add("__streams.errors.offset", text(Long.toString(offset)));
    }

    public static void main(String[] arguments) {
        String topic = arguments[1];
        String kind = arguments[2];
        String failedIn = arguments[3];
        int count = Integer.parseInt(arguments[4]);
        int bytes = arguments.length > 5 ? Integer.parseInt(arguments[5]) : 100;
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("linger.ms", 20);
        try (KafkaProducer<byte[], byte[]> producer =
                 new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; ++i) {
                String value = kind + "-" + i + ";" + "x".repeat(bytes);
                var record = new ProducerRecord<byte[], byte[]>(topic, text("k" + i), text(value));
                record.headers().add("app", text("kept")).add("app", null);
                switch (kind) {
                    case "spring" -> spring(record.headers(), failedIn, i % 7, i);
                    case "connect" -> connect(record.headers(), failedIn, i % 7, i);
                    default -> streams(record.headers(), failedIn, i % 7, i);
                }
                producer.send(record, (metadata, error) -> {
                    if (error != null) {
                        error.printStackTrace();
                        System.exit(1);
                    }
                });
            }
        }
        System.out.println("wrote " + count);
    }
}
