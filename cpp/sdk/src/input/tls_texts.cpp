#include "input/tls_texts.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "input/input_check.h"

namespace dh_advisor {
namespace {

constexpr std::size_t kLargestText = 1 << 20;

bool is_pem(const std::string& text) { return text.find("-----BEGIN ") != std::string::npos; }

// Binary, so that line ends stay as they are; a directory opens, and then gives nothing.
bool read_file(const std::string& path, std::string& text, std::string& problem) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content(kLargestText + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad() || !file.is_open()) {
    problem = "cannot be read: " + path + ": " + (errno != 0 ? std::strerror(errno) : "no such file");
    return false;
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  text = std::move(content);
  return true;
}

void resolve(std::string& value, const std::string& field, const char* what, InputCheck& check) {
  if (value.empty() || !check.is_good()) return;
  std::string problem;
  if (!is_pem(value)) {
    check.text(value, field);
    if (!check.is_good()) return;
    const std::string path = value;
    if (!read_file(path, value, problem)) return check.require(false, field, problem);
    check.require(value.size() <= kLargestText, field, "is no PEM file: " + path + " is larger than 1 MiB");
    check.require(value.find(what) != std::string::npos, field,
                  "holds no " + std::string(what) + " in PEM form: " + path);
    return;
  }
  check.require(value.find(what) != std::string::npos, field, "holds no " + std::string(what) + " in PEM form");
}

}  // namespace

Status read_tls(TlsOptions& tls) {
  InputCheck check("session options");
  check.require(tls.certificate.empty() == tls.key.empty(), tls.key.empty() ? "tls.key" : "tls.certificate",
                "is empty; a certificate and its key belong together");
  check.text(tls.server_name, "tls.server_name");
  resolve(tls.ca, "tls.ca", "CERTIFICATE", check);
  resolve(tls.certificate, "tls.certificate", "CERTIFICATE", check);
  resolve(tls.key, "tls.key", "PRIVATE KEY", check);
  return check.status();
}

}  // namespace dh_advisor
