#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace dh_advisor::testing {

/// A certificate and its key, as PEM texts.
struct CertificatePair {
  std::string certificate;
  std::string key;
};

/// Signs certificates for tests.
class Authority {
 public:
  explicit Authority(const std::string& name);

  std::string certificate() const;
  /// Of a server at `host` (such as `IP:127.0.0.1` or `DNS:advisor.example`), or of a client when that is empty. Valid
  /// from ten days ago until so many days from now; negative: ended.
  CertificatePair sign(const std::string& name, const std::string& host, int days = 1) const;

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  static Certificate make(const std::string& name, const Key& key, int days);

  Key key_;
  Certificate certificate_;
};

}  // namespace dh_advisor::testing
