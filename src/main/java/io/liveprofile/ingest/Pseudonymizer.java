package io.liveprofile.ingest;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.prf.HmacPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import io.liveprofile.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * Turns a shop's user id into a pseudonym: the first 16 bytes of HMAC-SHA-256 over the id, base64url, 22 characters. The
 * same id and key always give the same pseudonym; without the key nobody can tell or test who it is. Thread-safe.
 */
public final class Pseudonymizer {
    private static final int PSEUDONYM_BYTES = 16;

    private final PrfSet prf;

    private Pseudonymizer(PrfSet prf) {
        this.prf = prf;
    }

    /** Reads a keyset as Tink's JSON, the content of a key file. */
    public static Pseudonymizer ofKeyset(String json) {
        try {
            PrfConfig.register();
            KeysetHandle keyset = TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
            return new Pseudonymizer(keyset.getPrimitive(
                    RegistryConfiguration.get(), PrfSet.class));
        } catch (GeneralSecurityException e) {
            throw new ConfigException("The pseudonym key is not a Tink PRF keyset in JSON", e);
        }
    }

    /** Content of a key file; a missing one is {@link ConfigException}. */
    public static String readKeyset(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("privacy.key-file = '" + file + "': cannot be read", e);
        }
    }

    /** Writes a new random key to {@code file}, readable by its owner only, unless the file exists. */
    public static boolean createKeyset(Path file) {
        if (Files.exists(file)) {
            return false;
        }
        try {
            PrfConfig.register();
            KeysetHandle keyset = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.generateEntryFromParameters(HmacPrfParameters.builder()
                                    .setKeySizeBytes(32)
                                    .setHashType(HmacPrfParameters.HashType.SHA256)
                                    .build())
                            .withRandomId()
                            .makePrimary())
                    .build();
            String json = TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Path written = Files.createTempFile(
                    directory, "key", ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(written, json, StandardCharsets.UTF_8);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException("privacy.key-file = '" + file + "': cannot be created: " + e.getMessage(), e);
        }
    }

    /** Tells keys apart and nothing of them: what would be the pseudonym of the empty id, which no user has. */
    public String fingerprint() {
        return pseudonym("");
    }

    /** Pseudonym of a user id that is not empty. */
    public String pseudonym(String userId) {
        try {
            byte[] mac = prf.computePrimary(userId.getBytes(StandardCharsets.UTF_8), PSEUDONYM_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC failed", e);
        }
    }
}
