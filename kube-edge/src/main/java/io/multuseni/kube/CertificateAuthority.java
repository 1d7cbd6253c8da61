// SPDX-License-Identifier: Apache-2.0
package io.multuseni.kube;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate authority of one cluster. It alone is trusted: fabric8 would trust the JDK's
 * public authorities beside it, and only them where the setting holds no certificate.
 */
final class CertificateAuthority {
  private CertificateAuthority() {}

  /**
   * Trusts the authority and nobody else.
   *
   * @param base64 PEM, encoded in base64, as EKS gives it
   * @throws IllegalArgumentException it holds no certificate
   */
  static TrustManager[] trust(String base64) {
    try {
      byte[] pem = Base64.getMimeDecoder().decode(base64);
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("it holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("it is no certificate in PEM: " + e.getMessage(), e);
    }
  }
}
