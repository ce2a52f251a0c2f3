package io.outrider.sinks.s3;

import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The three things the mirror does with a bucket. Needs the rights to get and to put objects, and
/// to set their retention where there is a lock; never lists, never deletes.
final class Bucket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  /// With the SDK's own attempts.
  private static final Duration CALL = Duration.ofSeconds(90);

  private static final int PRECONDITION_FAILED = 412;

  private final S3Options options;
  private final InstantSource clock;
  private final S3Client client;

  Bucket(S3Options options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    this.client = client(options);
  }

  private static S3Client client(S3Options options) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ATTEMPT))
            .overrideConfiguration(call -> call.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
            // Objects are small and their checksums are given; chunks and trailers are only more
            // that an S3 of another maker may not know.
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .pathStyleAccessEnabled(options.pathStyle())
                    .build())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    URI endpoint = options.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (options.region() != null) {
      builder.region(Region.of(options.region()));
    }
    S3Options.Keys keys = options.keys();
    builder.credentialsProvider(
        keys == null
            ? DefaultCredentialsProvider.builder().build()
            : StaticCredentialsProvider.create(
                AwsBasicCredentials.create(keys.id(), keys.secret())));
    return builder.build();
  }

  /// An object's content; empty if there is none.
  Optional<byte[]> get(String name) throws IOException, InterruptedException {
    try {
      return Optional.of(
          client
              .getObjectAsBytes(get -> get.bucket(options.bucket()).key(key(name)))
              .asByteArray());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed(name, e);
    }
  }

  /// Puts an object that never changes. One that is there already is left, if it is the same.
  ///
  /// @throws IOException also if another stands there
  void putOnce(String name, byte[] content) throws IOException, InterruptedException {
    try {
      client.putObject(
          request(name, content).ifNoneMatch("*").build(), RequestBody.fromBytes(content));
    } catch (S3Exception e) {
      if (e.statusCode() != PRECONDITION_FAILED) {
        throw failed(name, e);
      }
      if (!get(name).filter(there -> Arrays.equals(there, content)).isPresent()) {
        throw new IOException(
            "s3://%s/%s: something else stands there (expected: this log's, or nothing)"
                .formatted(options.bucket(), key(name)));
      }
    } catch (SdkException e) {
      throw failed(name, e);
    }
  }

  /// Puts an object in place of what is there.
  void replace(String name, byte[] content) throws IOException, InterruptedException {
    try {
      client.putObject(request(name, content).build(), RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw failed(name, e);
    }
  }

  private PutObjectRequest.Builder request(String name, byte[] content) {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(options.bucket())
            .key(key(name))
            .contentType("application/octet-stream")
            // Named as well as given: with a lock S3 asks for the name.
            .checksumAlgorithm(ChecksumAlgorithm.SHA256)
            .checksumSHA256(sha256(content));
    S3Options.Lock lock = options.lock();
    if (lock != null) {
      put.objectLockMode(
              switch (lock.mode()) {
                case GOVERNANCE -> ObjectLockMode.GOVERNANCE;
                case COMPLIANCE -> ObjectLockMode.COMPLIANCE;
              })
          .objectLockRetainUntilDate(clock.instant().plus(lock.retain()));
    }
    return put;
  }

  private String key(String name) {
    return options.prefix() + name;
  }

  private IOException failed(String name, SdkException e) throws InterruptedException {
    if (e instanceof AbortedException) {
      InterruptedException interrupted = new InterruptedException("while talking to S3");
      interrupted.initCause(e);
      throw interrupted;
    }
    return new IOException("s3://" + options.bucket() + "/" + key(name) + ": " + what(e), e);
  }

  private static String what(SdkException e) {
    if (e instanceof S3Exception s3 && s3.awsErrorDetails() != null) {
      return "HTTP "
          + s3.statusCode()
          + " "
          + s3.awsErrorDetails().errorCode()
          + ": "
          + s3.awsErrorDetails().errorMessage();
    }
    return String.valueOf(e.getMessage());
  }

  private static String sha256(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
